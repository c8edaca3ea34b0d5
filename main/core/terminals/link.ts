/** The socket of one terminal as long as one is wanted: dialled, lost and dialled again, with the reason while there is none. */
import { terminals } from '../../../protocol/api/terminals.ts';
import type { Failure } from '../../../protocol/bridge/failure.ts';
import { HEALTHY_AFTER_MS } from '../../../protocol/wire/backoff.ts';
import { MAX_MESSAGE } from '../../../protocol/wire/control.ts';
import type { Dial, Socket, SocketEnd } from '../api/socket.ts';
import { waitBefore } from '../api/wait.ts';
import { apiFailure, desktopFailure } from '../outcome.ts';

/** Whose terminal it is, as far as its socket has to know. */
export interface Owner {
  readonly address: string;
  readonly token: () => string | null;
  /** True when there is another token now. */
  tokenRefused(token: string): Promise<boolean>;
}
export interface LinkParts {
  readonly owner: Owner;
  readonly agentId: string;
  readonly dial: Dial;
  readonly now: () => number;
  /** How long to wait before the nth try after a failure, in ms. */
  readonly backoff: (attempt: number) => number;
}
/** Asked anew for each dial. */
export interface Offer {
  readonly subprotocols: readonly string[];
  readonly query: string;
}
export interface LinkHandlers {
  readonly offer: () => Offer;
  opened(): void;
  readonly text: (text: string) => void;
  readonly binary: (bytes: Uint8Array) => void;
  /** An open socket is gone. */
  lost(code: number | null): void;
  /** Why there is none, and when the next try is; null: not by itself. */
  waiting(failure: Failure, nextTryAt: number | null): void;
  /** The server will never give one. */
  denied(failure: Failure): void;
  /** It speaks none of the offered dialects. */
  unselected(): void;
}
export interface TerminalLink {
  up(): void;
  down(): void;
  /** Drops what there is and dials at once. */
  anew(): void;
  /** The computer woke up or the network changed: dials at once if a socket is wanted. True when it did. */
  again(): boolean;
  /** Does not wait for the next try. */
  retry(): void;
  /** What came over it cannot be understood: drops it and waits like after any failure. */
  broken(failure: Failure): void;
  send(message: string | Uint8Array): void;
  hold(on: boolean): void;
}

const TIMEOUT_MS = 15_000;
const UNAUTHORIZED_CLOSE = 4401;
const FORBIDDEN_CLOSE = 4403;
/** Trying again changes nothing. */
const FINAL_CODES: readonly string[] = [
  'not-found',
  'role-too-low',
  'too-many-sessions',
  'machine-offline',
  'unknown-route',
];

export function createTerminalLink(parts: LinkParts, handlers: LinkHandlers): TerminalLink {
  const { owner } = parts;
  let wanted = false;
  let socket: Socket | null = null;
  let openedAt: number | null = null;
  let timer: NodeJS.Timeout | null = null;
  let attempt = 0;
  /** What was under way before means nothing in a later round. */
  let round = 0;

  const rest = (): void => {
    round += 1;
    if (timer !== null) clearTimeout(timer);
    timer = null;
    socket?.close();
    socket = null;
    openedAt = null;
  };
  const wait = (failure: Failure): void => {
    const ms = waitBefore(failure, parts.backoff(attempt));
    attempt += 1;
    timer = setTimeout(start, ms);
    handlers.waiting(failure, parts.now() + ms);
  };
  const unauthorized = async (token: string, failure: Failure): Promise<void> => {
    const mine = round;
    const renewed = await owner.tokenRefused(token);
    if (mine !== round) return;
    if (renewed && attempt === 0) {
      attempt = 1; // a server that refuses the new one too is not asked in a circle
      start();
    } else if (owner.token() === null) {
      handlers.waiting(desktopFailure('signed-out'), null); // whoever signs in dials again
    } else {
      wait(failure);
    }
  };
  const ended = (token: string, end: SocketEnd): void => {
    const wasOpen = openedAt !== null;
    if (openedAt !== null && parts.now() - openedAt >= HEALTHY_AFTER_MS) attempt = 0;
    socket = null;
    openedAt = null;
    const mine = round;
    if (wasOpen) handlers.lost(end.code);
    if (mine === round && wanted) goOn(token, end); // unless who heard of it decided otherwise
  };
  const goOn = (token: string, end: SocketEnd): void => {
    if (end.unselected) handlers.unselected();
    else if (end.status === 401 || end.code === UNAUTHORIZED_CLOSE) void unauthorized(token, end.failure);
    else if (isFinal(end)) deny(end.code === FORBIDDEN_CLOSE ? apiFailure('role-too-low') : end.failure);
    else wait(end.failure);
  };
  const deny = (failure: Failure): void => {
    wanted = false;
    handlers.denied(failure);
  };
  const start = (): void => {
    const token = owner.token();
    if (token === null) {
      handlers.waiting(desktopFailure('signed-out'), null);
      return;
    }
    const { subprotocols, query } = handlers.offer();
    const path = terminals.connect.path.replace(':agent_id', encodeURIComponent(parts.agentId)) + query;
    socket = parts.dial(
      {
        address: owner.address,
        path,
        row: terminals.connect,
        token,
        subprotocols,
        maxMessageBytes: MAX_MESSAGE,
        timeoutMs: TIMEOUT_MS,
      },
      {
        opened() {
          openedAt = parts.now();
          handlers.opened();
        },
        text: handlers.text,
        binary: handlers.binary,
        closed: (end) => ended(token, end),
      },
    );
  };
  const anew = (): void => {
    wanted = true;
    attempt = 0;
    rest();
    start();
  };
  return {
    up() {
      if (wanted) return;
      wanted = true;
      attempt = 0;
      start();
    },
    down() {
      wanted = false;
      rest();
    },
    anew,
    again() {
      if (wanted) anew();
      return wanted;
    },
    retry() {
      if (wanted && socket === null) anew();
    },
    broken(failure) {
      rest();
      wait(failure);
    },
    send: (message) => socket?.send(message),
    hold: (on) => socket?.hold(on),
  };
}

const isFinal = (end: SocketEnd): boolean =>
  end.code === FORBIDDEN_CLOSE || (end.status !== null && FINAL_CODES.includes(end.failure.code));
