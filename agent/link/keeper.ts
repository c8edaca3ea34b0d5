/** Keeps this agent connected: one link after another, each after the pause that its predecessor's end asks for. */
import { once } from 'node:events';
import type { AgentStatus } from '../../protocol/agent/status.ts';
import type { Link } from './link.ts';
import type { Delay } from './pause.ts';
import { decideNext, noRetry, type LinkEnd, type Next, type Retry } from './retry.ts';

export type LinkState = AgentStatus['link'];

export interface LinkEvents {
  /** The service welcomed this agent, and wishes its agents to come back within so many seconds of a loss. */
  readonly online: (spreadS: number) => void;
  readonly latency: (ms: number) => void;
}
/** Dials. Where that is not possible at all, tells why. */
export type Connect = (events: LinkEvents) => Promise<{ readonly link: Link } | { readonly end: LinkEnd }>;

export interface KeeperParts {
  readonly connect: Connect;
  readonly pause: (delay: Delay, signal: AbortSignal) => Promise<void>;
  readonly tell: (state: LinkState) => void;
  /** Wall clock, for what people read. */
  readonly now: () => number;
  readonly random: () => number;
}
/** Why there will be no link any more: it was asked to leave, or the service removed this machine. */
export type Finish = { readonly why: 'left' } | { readonly why: 'revoked'; readonly message: string };

export interface Keeper {
  readonly finished: Promise<Finish>;
  /** Connects anew at once, also where it had given up. */
  readonly reconnect: () => void;
  /** Says goodbye where there is somebody to say it to, and finishes. */
  readonly leave: (reason: 'stopping' | 'unregistered') => void;
}

export function keepConnected(parts: KeeperParts): Keeper {
  let leaving: 'stopping' | 'unregistered' | null = null;
  let present: Link | null = null;
  let hurry = new AbortController();
  let retry: Retry = noRetry;
  const asked = () => leaving; // it changes while this waits

  async function run(): Promise<Finish> {
    for (;;) {
      const end = await connectOnce();
      if (asked() !== null) return { why: 'left' };
      const next = decideNext(end, retry, parts.random);
      if (next.do === 'stop' && next.leave) {
        parts.tell({ at: 'stopped', code: next.code, message: next.message });
        return { why: 'revoked', message: next.message };
      }
      retry = next.do === 'wait' ? next.retry : noRetry;
      await rest(next);
      if (asked() !== null) return { why: 'left' };
    }
  }

  async function connectOnce(): Promise<LinkEnd> {
    hurry = new AbortController();
    parts.tell({ at: 'connecting' });
    const made = await parts.connect(events());
    if ('end' in made) return made.end;
    present = made.link;
    const reason = asked();
    if (reason !== null) present.leave(reason);
    const end = await present.ended;
    present = null;
    return end;
  }

  function events(): LinkEvents {
    let since = '';
    return {
      online: (spreadS) => {
        retry = { ...retry, spreadS };
        since = new Date(parts.now()).toISOString();
        parts.tell({ at: 'online', since, latency_ms: null });
      },
      latency: (ms) => {
        if (since !== '') parts.tell({ at: 'online', since, latency_ms: Math.round(ms * 10) / 10 });
      },
    };
  }

  /** Until it is time, or until somebody asks; who was replaced waits for that alone. */
  async function rest(next: Next): Promise<void> {
    const { signal } = hurry;
    if (signal.aborted) return; // asked for while the link was ending
    if (next.do === 'stop') {
      parts.tell({ at: 'stopped', code: next.code, message: next.message });
      await once(signal, 'abort');
      return;
    }
    parts.tell({
      at: 'waiting',
      next_try_at: new Date(parts.now() + next.ms).toISOString(),
      failed_step: next.step,
      code: next.code,
      message: next.message,
    });
    await parts.pause(next, signal);
  }

  return {
    finished: run(),
    reconnect: () => {
      hurry.abort();
      present?.cut();
    },
    leave: (reason) => {
      leaving = reason;
      hurry.abort();
      present?.leave(reason);
    },
  };
}
