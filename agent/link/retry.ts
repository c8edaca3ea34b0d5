/** When to connect again after a link ended, or not at all: decided without clock or socket. */
import type { ConnectStep } from '../../protocol/agent/status.ts';
import type { ToAgent } from '../../protocol/wire/control.ts';
import { backoff, HEALTHY_AFTER_MS } from '../../protocol/wire/backoff.ts';
import type { ConnectFailure } from '../net/failure.ts';

export type Goodbye = Extract<ToAgent, { type: 'goodbye' }>;

/** How a link ended. `onlineMs` is null when the service never welcomed it. */
export type LinkEnd = { readonly onlineMs: number | null } & (
  | { readonly how: 'failed'; readonly failure: ConnectFailure }
  | { readonly how: 'goodbye'; readonly goodbye: Goodbye }
  | { readonly how: 'lost' }
);
/** What a new link needs to know of those before it. */
export interface Retry {
  readonly attempt: number;
  /** The service's wish, so that all agents it loses do not come back in one moment. Seconds. */
  readonly spreadS: number;
}
export const noRetry: Retry = { attempt: 0, spreadS: 0 };

export type Next =
  | {
      readonly do: 'wait';
      readonly ms: number;
      /** So long the service asked to be left alone: no new network cuts it short. */
      readonly leastMs: number;
      readonly step: ConnectStep;
      readonly code: string;
      readonly message: string;
      readonly retry: Retry;
    }
  /** Never again by itself. `leave` ends the agent; else it stays away, with its shells alive, and says so. */
  | { readonly do: 'stop'; readonly code: 'replaced' | 'revoked'; readonly message: string; readonly leave: boolean };

/** What a person has to mend first is not tried each half minute for ever. Milliseconds. */
const SLOW_MS = 5 * 60_000;

export function decideNext(end: LinkEnd, retry: Retry, random: () => number): Next {
  const healthy = end.onlineMs !== null && end.onlineMs >= HEALTHY_AFTER_MS;
  const before = healthy ? { ...retry, attempt: 0 } : retry;
  switch (end.how) {
    case 'failed':
      return wait(before, end.failure, soon(before, end.failure.retryAfterS, random));
    case 'lost': {
      const lost = { step: 'tcp', code: 'connection-lost', message: 'The connection to the server broke.' } as const;
      return wait(before, lost, soon(before, undefined, random));
    }
    case 'goodbye':
      return afterGoodbye(end.goodbye, before, random);
  }
}

function afterGoodbye(goodbye: Goodbye, retry: Retry, random: () => number): Next {
  const said = (sentence: string) => goodbye.message ?? sentence;
  const afterS = goodbye.retry_after_s;
  switch (goodbye.reason) {
    case 'replaced': {
      const message = said(
        'Another agent with the same key has connected. This one stays away: register one of the two anew.',
      );
      return { do: 'stop', code: 'replaced', message, leave: false };
    }
    case 'revoked':
      return {
        do: 'stop',
        code: 'revoked',
        message: said('This machine was removed from its organization.'),
        leave: true,
      };
    case 'stopping':
    case 'busy': {
      const message = said(goodbye.reason === 'busy' ? 'The server is busy.' : 'The server is restarting.');
      return wait(retry, { step: 'http', code: goodbye.reason, message }, soon(retry, afterS, random));
    }
    case 'unauthorized': {
      const message = said(
        'The server does not know this agent by this key. If the machine was removed, register it again.',
      );
      return wait(retry, { step: 'credential', code: goodbye.reason, message }, slow(afterS, random));
    }
    case 'unsupported': {
      const message = said('The server does not speak this agent’s version. Update the agent.');
      return wait(retry, { step: 'version', code: goodbye.reason, message }, slow(afterS, random));
    }
  }
}

type Reason = Pick<ConnectFailure, 'step' | 'code' | 'message'>;
interface Delay {
  readonly ms: number;
  readonly leastMs: number;
}

function wait(retry: Retry, { step, code, message }: Reason, delay: Delay): Next {
  return { do: 'wait', ...delay, step, code, message, retry: { ...retry, attempt: retry.attempt + 1 } };
}

/** The first try after a loss is spread as the service wished; what it asked for comes on top of the jitter. */
function soon({ attempt, spreadS }: Retry, afterS: number | undefined, random: () => number): Delay {
  const jitter = attempt === 0 && spreadS > 0 ? random() * spreadS * 1000 : backoff(attempt, random);
  const leastMs = (afterS ?? 0) * 1000;
  return { ms: Math.round(leastMs + jitter), leastMs };
}

function slow(afterS: number | undefined, random: () => number): Delay {
  const leastMs = (afterS ?? 0) * 1000;
  return { ms: Math.round(Math.max(leastMs, SLOW_MS / 2) + (random() * SLOW_MS) / 2), leastMs };
}
