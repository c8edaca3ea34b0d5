/**
 * The browser host's carrier. The window holds a secret that came with its launch; the first message of each of its sockets shows it.
 * After that a bridge socket carries messages as JSON text, a terminal socket what terminal.ts says.
 */
import { z } from 'zod';
import { terminalId } from './calls.ts';

export const socketPaths = { bridge: '/bridge', terminal: '/terminal' } as const;
/** Where the window is sent when its secret is not known any more. */
export const endedPath = '/ended';
/** The name under which sessionStorage keeps the secret: a reload keeps it, another tab has none. */
export const secretKey = 'webxterm.window-secret';

const secret = z.string().min(1).max(128);
const windowId = z.string().min(1).max(64);

/** First message of a bridge socket; answered with `bridgeWelcome`. */
export const bridgeHello = z.object({ secret });
export type BridgeHello = z.infer<typeof bridgeHello>;
/** `window` names this connection of the window: its terminals belong to it. */
export const bridgeWelcome = z.object({ type: z.literal('welcome'), window: windowId });
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
