/** A link that was welcomed: the sessions and the heartbeats go over it. */
import type { Heartbeat, ToAgent } from '../../protocol/wire/control.ts';
import type { Executions } from '../exec/executions.ts';
import type { Outbox } from '../outbox.ts';
import type { SessionHost, SessionLink } from '../sessions/host.ts';
import type { Welcome } from './handshake.ts';
import type { Goodbye } from './retry.ts';

export interface OnlineParts {
  readonly sessions: SessionHost;
  readonly executions: Pick<Executions, 'receive' | 'revoke'>;
  readonly outbox: Pick<Outbox, 'linkUp' | 'linkLost' | 'received'>;
  readonly link: SessionLink;
  readonly measure: () => Promise<Heartbeat>;
  /** The service changed its part of the configuration. */
  readonly configured: (config: Welcome['config']) => void;
  readonly goodbye: (goodbye: Goodbye) => void;
  /** The service found a fault in what this agent sent. */
  readonly faulted: (code: string, message: string) => void;
}

/** Gives what is to be done with each message. Runs until the signal. */
export function goOnline(welcome: Welcome, parts: OnlineParts, signal: AbortSignal): (message: ToAgent) => void {
  const { sessions, outbox, link } = parts;
  parts.configured(welcome.config);
  sessions.linkUp(link);
  outbox.linkUp((message) => link.tell(message));
  signal.addEventListener('abort', () => {
    sessions.linkLost();
    outbox.linkLost();
  });
  beat(welcome.heartbeat_s * 1000, parts, signal);
  return (message) => {
    switch (message.type) {
      case 'open':
      case 'attach':
      case 'detach':
      case 'resize':
      case 'probe':
      case 'close':
        sessions.receive(message);
        return;
      case 'exec':
        parts.executions.receive(message);
        return;
      case 'exec_end':
        parts.executions.revoke(message.command_id);
        return;
      case 'received':
        outbox.received(message.seq);
        return;
      case 'config':
        parts.configured({ linux_user: message.linux_user });
        return;
      case 'goodbye':
        parts.goodbye(message);
        return;
      case 'error':
        parts.faulted(message.code, message.message);
        return;
      case 'challenge':
      case 'welcome':
        parts.faulted('out-of-order', `The server sent ${message.type} twice.`);
        return;
    }
  };
}

/** At once, then at the service's pace; a measurement that takes longer than the pace is not overtaken. */
function beat(everyMs: number, { link, measure }: OnlineParts, signal: AbortSignal): void {
  let measuring = false;
  const send = async () => {
    if (measuring) return;
    measuring = true;
    const heartbeat = await measure().finally(() => {
      measuring = false;
    });
    if (!signal.aborted) link.tell({ type: 'heartbeat', ...heartbeat });
  };
  void send();
  const timer = setInterval(() => void send(), everyMs);
  signal.addEventListener('abort', () => {
    clearInterval(timer);
  });
}
