/**
 * The browser host's carrier. The window holds a secret that came with its launch; the first message of each of its sockets shows it.
 * After that a bridge socket carries messages as JSON text, a terminal socket what terminal.ts says.
 */
import { z } from 'zod';
import { terminalId } from './ids.ts';

export const socketPaths = { bridge: '/bridge', terminal: '/terminal' } as const;
/** The name under which sessionStorage keeps the window's keys, as JSON: a reload keeps them, another tab has none. */
export const keysName = 'webxterm.window';

const secret = z.string().min(1).max(128);
/**
 * What a launch gives the window: its secret, and what proves the host. A port is free once its program has ended, and on a shared
 * machine anybody may take it: the window goes on only with the host that launched it.
 */
export const windowKeys = z.object({ secret, proof: secret });
export type WindowKeys = z.infer<typeof windowKeys>;

const windowId = z.string().min(1).max(64);

/** First message of a bridge socket; answered with `bridgeWelcome`. */
export const bridgeHello = z.object({ secret });
export type BridgeHello = z.infer<typeof bridgeHello>;
/** `window` names this connection of the window: its terminals belong to it. */
export const bridgeWelcome = z.object({ type: z.literal('welcome'), window: windowId, proof: secret });
export type BridgeWelcome = z.infer<typeof bridgeWelcome>;
/** First message of a terminal socket. */
export const terminalHello = z.object({ secret, window: windowId, terminal: terminalId });
export type TerminalHello = z.infer<typeof terminalHello>;

/** Why the host closes a socket. */
export const closeCodes = {
  goingAway: 1001,
  /** The first message was none of the above, or did not come in time. */
  badHello: 4400,
  /** The secret is not known: this window's desktop has ended. */
  unknownSecret: 4401,
  /** The window of this terminal has no connection any more. */
  unknownWindow: 4404,
} as const;
