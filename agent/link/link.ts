/** One link to the service, from dialling to its end: who is there, then what runs, and whether it still lives. */
import { toAgent, type FromAgent, type Heartbeat, type ToAgent } from '../../protocol/wire/control.ts';
import type { Moment } from '../../protocol/wire/moment.ts';
import type { Executions } from '../exec/executions.ts';
import type { ConnectFailure } from '../net/failure.ts';
import type { Way } from '../net/outbound.ts';
import type { Outbox } from '../outbox.ts';
import type { SessionHost } from '../sessions/host.ts';
import { greet, type Greeting, type Hello, type Welcome } from './handshake.ts';
import { watchLiveness, type LivenessLimits } from './liveness.ts';
import { goOnline } from './online.ts';
import type { Goodbye, LinkEnd } from './retry.ts';
import { openSocket } from './socket.ts';

export interface LinkParts {
  readonly server: URL;
  readonly way: Way;
  readonly userAgent: string;
  readonly hello: (nonce: string) => Hello;
  readonly sessions: SessionHost;
  readonly executions: Executions;
  readonly outbox: Outbox;
  readonly measure: () => Promise<Heartbeat>;
  readonly moment: () => Moment;
  readonly limits: LivenessLimits;
  readonly welcomed: (welcome: Welcome) => void;
  readonly configured: (config: Welcome['config']) => void;
  /** There and back, in milliseconds. */
  readonly latency: (ms: number) => void;
}
export interface Link {
  readonly ended: Promise<LinkEnd>;
  /** Says goodbye after all that was told before, and closes. */
  readonly leave: (reason: 'stopping' | 'unregistered') => void;
  readonly cut: () => void;
}

/** From the WebSocket to the welcome. */
const GREETING_MS = 15_000;
/** From the first closing word to the end, whatever the other end does. */
const CLOSING_MS = 2_000;
/** The sessions ping with numbers; this is none. */
const ALIVE = 'alive';

interface Progress {
  greeting: Greeting;
  online: { readonly since: number; readonly receive: (message: ToAgent) => void } | null;
  goodbye: Goodbye | null;
  /** Why this side gave up. */
  failure: ConnectFailure | null;
  /** This side has closed: what still comes is not read. */
  closing: boolean;
  pingedAt: number;
}

export function openLink(parts: LinkParts): Link {
  const over = new AbortController();
  const now = () => parts.moment().monotonic;
  const progress: Progress = {
    greeting: 'upgraded',
    online: null,
    goodbye: null,
    failure: null,
    closing: false,
    pingedAt: 0,
  };
  const socket = openSocket(parts.server, parts.way, parts.userAgent, { opened, text, binary, pong });
  const ended = socket.closed.then((failure) => {
    over.abort();
    return howItEnded(progress, failure, now());
  });

  function opened(bytesRead: () => number): void {
    later(GREETING_MS, () => {
      if (progress.online === null) giveUp('timed-out', 'The server did not greet this agent in time.');
    });
    const ping = () => {
      progress.pingedAt = now();
      socket.ping(ALIVE);
    };
    const { limits, moment } = parts;
    watchLiveness({ limits, moment, bytesRead, ping, dead: socket.cut }, over.signal);
  }

  function text(raw: string): void {
    if (progress.closing) return;
    const message = readMessage(raw);
    if (message === null) giveUp('bad-message', 'The server sent a message that this agent cannot read.');
    else if (progress.online === null) answer(message);
    else progress.online.receive(message);
  }

  function answer(message: ToAgent): void {
    const reaction = greet(progress.greeting, message);
    switch (reaction.do) {
      case 'say-hello':
        progress.greeting = 'greeted';
        tell(parts.hello(reaction.nonce));
        return;
      case 'go-on':
        welcome(reaction.welcome);
        return;
      case 'leave':
        farewell(reaction.goodbye);
        return;
      case 'give-up':
        giveUp(reaction.code, reaction.message);
        return;
    }
  }

  function welcome(message: Welcome): void {
    const refuse = (code: string) => giveUp(code, 'The server sent data that this agent cannot read.');
    const receive = goOnline(
      message,
      {
        sessions: parts.sessions,
        executions: parts.executions,
        outbox: parts.outbox,
        link: { tell, send: socket.sendFrame, ping: (id) => socket.ping(String(id)), refuse },
        measure: parts.measure,
        configured: parts.configured,
        goodbye: farewell,
        faulted: giveUp,
      },
      over.signal,
    );
    progress.online = { since: now(), receive };
    parts.welcomed(message);
  }

  function binary(bytes: Uint8Array): void {
    if (progress.closing) return;
    if (progress.online === null) giveUp('out-of-order', 'The server sent data before its welcome.');
    else parts.sessions.receiveFrame(bytes);
  }

  function pong(content: string): void {
    if (content === ALIVE) parts.latency(now() - progress.pingedAt);
    else if (progress.online !== null && /^\d+$/u.test(content)) parts.sessions.pong(Number(content));
  }

  function farewell(goodbye: Goodbye): void {
    progress.goodbye = goodbye;
    close(1000, goodbye.reason);
  }

  /** What the other end sends is not what a service of this kind sends, or it found the same of this agent. */
  function giveUp(code: string, message: string): void {
    const step = progress.greeting === 'upgraded' ? 'version' : 'credential';
    progress.failure ??= { step: progress.online === null ? step : 'http', code, message };
    close(1008, code);
  }

  function close(code: number, reason: string): void {
    progress.closing = true;
    socket.close(code, reason);
    later(CLOSING_MS, socket.cut);
  }

  function later(ms: number, act: () => void): void {
    const timer = setTimeout(act, ms);
    over.signal.addEventListener('abort', () => clearTimeout(timer));
  }

  const tell = (message: FromAgent) => socket.sendText(JSON.stringify(message));

  return {
    ended,
    leave: (reason) => {
      if (progress.online !== null) tell({ type: 'goodbye', reason });
      close(1000, reason);
    },
    cut: socket.cut,
  };
}

function readMessage(raw: string): ToAgent | null {
  try {
    return toAgent.parse(JSON.parse(raw));
  } catch {
    return null;
  }
}

function howItEnded(progress: Progress, opening: ConnectFailure | null, now: number): LinkEnd {
  const onlineMs = progress.online === null ? null : now - progress.online.since;
  const failure = opening ?? progress.failure;
  if (progress.goodbye !== null) return { how: 'goodbye', goodbye: progress.goodbye, onlineMs };
  if (failure !== null) return { how: 'failed', failure, onlineMs };
  if (onlineMs !== null) return { how: 'lost', onlineMs };
  const step = progress.greeting === 'upgraded' ? 'version' : 'credential';
  return {
    how: 'failed',
    onlineMs,
    failure: { step, code: 'cut-off', message: 'The server closed the connection before it had agreed.' },
  };
}
