/**
 * The connection over which a server tells what changed for an account. It comes back by itself; where a server has no such
 * connection, its lists are asked for from time to time.
 */
import { z } from 'zod';
import { event, events, type Event } from '../../../protocol/api/events.ts';
import type { Failure, Result } from '../../../protocol/bridge/failure.ts';
import { HEALTHY_AFTER_MS } from '../../../protocol/wire/backoff.ts';
import { json } from '../api/refusal.ts';
import type { Dial, Socket, SocketEnd } from '../api/socket.ts';
import { waitBefore } from '../api/wait.ts';
import { desktopFailure } from '../outcome.ts';

export type LinkState =
  | { readonly at: 'connecting' }
  | { readonly at: 'online'; readonly latencyMs: number | null }
  | { readonly at: 'offline'; readonly failure: Failure; readonly nextTryAt: number };

export interface LiveLinkParts {
  readonly address: string;
  readonly dial: Dial;
  readonly token: () => string | null;
  /** The server does not take this token: true when there is another one now. */
  readonly tokenRefused: (token: string) => Promise<boolean>;
  /** Both lists as they are now, by ordinary requests. */
  readonly fetchLists: () => Promise<Result<Event>>;
  readonly stateChanged: (state: LinkState) => void;
  readonly told: (event: Event) => void;
  readonly now: () => number;
  /** How long to wait before the nth try after a failure, in ms. */
  readonly backoff: (attempt: number) => number;
}
export interface LiveLink {
  /** Connects anew at once: the computer woke up, there is a token now, or the person asks. */
  connect(): void;
  /** Until the next `connect`. */
  stop(): void;
}

/** A snapshot of thousands of machines comes in one message. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 15_000;
/** For servers that tell nothing by themselves. */
const ASK_EVERY_MS = 15_000;
/** What a server answers that does not know this address. */
const UNKNOWN_STATUSES: readonly number[] = [400, 404, 405, 426, 501];
const UNAUTHORIZED_CLOSE = 4401;
const anyEvent = z.object({ type: z.string() });
const knownTypes: readonly string[] = event.options.map((option) => option.shape.type.value);

export function createLiveLink(parts: LiveLinkParts, signal: AbortSignal): LiveLink {
  let socket: Socket | null = null;
  let timer: NodeJS.Timeout | null = null;
  let attempt = 0;
  let onlineAt: number | null = null;
  let latencyMs: number | null = null;
  let asks = false;
  /** Each `connect` or `stop` makes what was under way before mean nothing. */
  let round = 0;

  const rest = (): void => {
    round += 1;
    if (timer !== null) clearTimeout(timer);
    timer = null;
    socket?.close();
    socket = null;
  };
  const later = (ms: number, work: () => void): void => {
    timer = setTimeout(work, ms);
  };
  const offline = (failure: Failure): void => {
    if (onlineAt !== null && parts.now() - onlineAt >= HEALTHY_AFTER_MS) attempt = 0;
    onlineAt = null;
    latencyMs = null;
    const wait = waitBefore(failure, parts.backoff(attempt));
    attempt += 1;
    parts.stateChanged({ at: 'offline', failure, nextTryAt: parts.now() + wait });
    later(wait, start);
  };
  const online = (): void => {
    onlineAt ??= parts.now();
    parts.stateChanged({ at: 'online', latencyMs });
  };
  const unauthorized = async (token: string, failure: Failure): Promise<void> => {
    const mine = round;
    const renewed = await parts.tokenRefused(token);
    if (mine !== round) return;
    if (renewed && attempt === 0) {
      attempt = 1; // a server that refuses the new one too is not asked in a circle
      start();
    } else if (parts.token() !== null) {
      offline(failure);
    }
  };

  const ended = (token: string, end: SocketEnd): void => {
    socket = null;
    if (end.status === 401 || end.code === UNAUTHORIZED_CLOSE) {
      void unauthorized(token, end.failure);
    } else if (end.status !== null && UNKNOWN_STATUSES.includes(end.status)) {
      asks = true;
      void ask();
    } else {
      offline(end.failure);
    }
  };
  const heard = (text: string): void => {
    const message: unknown = json(text);
    const type = anyEvent.safeParse(message).data?.type;
    if (type !== undefined && !knownTypes.includes(type)) return; // of a newer server
    const parsed = event.safeParse(message);
    if (!parsed.success) {
      socket?.close();
      socket = null;
      offline(desktopFailure('not-understood', z.prettifyError(parsed.error).slice(0, 500)));
      return;
    }
    parts.told(parsed.data);
    if (parsed.data.type === 'snapshot') online();
  };
  const ask = async (): Promise<void> => {
    const mine = round;
    const answer = await parts.fetchLists();
    if (mine !== round || parts.token() === null) return;
    if (!answer.ok) {
      offline(answer.failure);
      return;
    }
    parts.told(answer.value);
    online();
    later(ASK_EVERY_MS, () => void ask());
  };
  const start = (): void => {
    const token = parts.token();
    if (token === null || signal.aborted) return;
    if (asks) {
      void ask();
      return;
    }
    socket = parts.dial(
      {
        address: parts.address,
        path: events.connect.path,
        row: events.connect,
        token,
        subprotocols: [],
        maxMessageBytes: MAX_MESSAGE_BYTES,
        timeoutMs: TIMEOUT_MS,
      },
      {
        opened: () => undefined, // the snapshot says that it is
        text: heard,
        binary: () => undefined,
        measured: (roundTripMs) => {
          latencyMs = roundTripMs;
          if (onlineAt !== null) online();
        },
        closed: (end) => ended(token, end),
      },
    );
  };
  signal.addEventListener('abort', rest, { once: true });
  return {
    connect() {
      rest();
      attempt = 0;
      onlineAt = null;
      if (parts.token() === null || signal.aborted) return;
      parts.stateChanged({ at: 'connecting' });
      start();
    },
    stop: rest,
  };
}
