/** The bridge over any carrier: calls find their answers, events their listeners, and everything main says is parsed. */
import type { Bridge } from '../../../protocol/bridge/bridge.ts';
import { calls, type CallInput, type CallName, type CallOutput } from '../../../protocol/bridge/calls.ts';
import { events, type EventName, type EventOf } from '../../../protocol/bridge/events.ts';
import { desktopFailures, type DesktopFailureCode, type Result } from '../../../protocol/bridge/failure.ts';
import { mainMessage, type WindowMessage } from '../../../protocol/bridge/messages.ts';
import type { z } from 'zod';
import type { Carrier } from './carrier.ts';
import { openTerminalPort } from './terminal-port.ts';

type Answer = Result<unknown>;
interface Pending {
  readonly message: WindowMessage;
  readonly settle: (answer: Answer) => void;
}
type Outputs = { readonly [N in CallName]: { readonly output: z.ZodType<CallOutput<N>> } };
type EventSchemas = { readonly [N in EventName]: z.ZodType<EventOf<N>> };
const outputs: Outputs = calls;
const eventSchemas: EventSchemas = events;

/** More at once than any window asks; past it something runs away. */
const maxPending = 1000;

export function createWindowBridge(carrier: Carrier): Bridge {
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, Set<(event: unknown) => void>>();
  const connectionListeners = new Set<(connected: boolean) => void>();
  /** `starting`: calls wait for the first connection; later ones fail while there is none, for the person can try again. */
  let link: 'starting' | 'up' | 'down' = 'starting';
  let nextId = 0;

  const ask = (name: string, input: unknown): Promise<Answer> => {
    if (link === 'down' || pending.size >= maxPending) return Promise.resolve(failed('cut-off'));
    const message: WindowMessage = { type: 'call', id: nextId++, name, input };
    return new Promise((settle) => {
      pending.set(message.id, { message, settle });
      if (link === 'up') carrier.send(message);
    });
  };
  const settle = (id: number, answer: Answer) => {
    const call = pending.get(id);
    pending.delete(id);
    call?.settle(answer);
  };

  carrier.onMessage((received) => {
    const message = mainMessage.safeParse(received);
    if (!message.success) console.error('The main process sent a message that is none:', message.error.message);
    else if (message.data.type === 'answer') settle(message.data.id, message.data.result);
    else for (const hear of listeners.get(message.data.name) ?? []) hear(message.data.event);
  });
  carrier.onConnection((connected) => {
    if (connected) {
      for (const name of listeners.keys()) carrier.send({ type: 'subscribe', name });
      for (const { message } of pending.values()) carrier.send(message);
      link = 'up';
    } else if (link === 'up') {
      link = 'down';
      for (const id of pending.keys()) settle(id, failed('cut-off'));
    }
    for (const hear of connectionListeners) hear(link === 'up');
  });

  return {
    async call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>> {
      const answer = await ask(name, input);
      if (!answer.ok) return answer;
      const value = outputs[name].output.safeParse(answer.value);
      return value.success ? { ok: true, value: value.data } : failed('not-understood', value.error.message);
    },

    on<N extends EventName>(name: N, listener: (event: EventOf<N>) => void) {
      const hear = (received: unknown) => {
        const event = eventSchemas[name].safeParse(received);
        if (event.success) listener(event.data);
        else console.error(`The event ${name} does not follow its contract:`, event.error.message);
      };
      const heard = listeners.get(name) ?? new Set();
      listeners.set(name, heard.add(hear));
      // Once more for a second listener: the present state has to come to it too.
      if (link === 'up') carrier.send({ type: 'subscribe', name });
      return () => {
        heard.delete(hear);
        if (heard.size > 0 || listeners.get(name) !== heard) return;
        listeners.delete(name);
        if (link === 'up') carrier.send({ type: 'unsubscribe', name });
      };
    },

    terminal: (id) => openTerminalPort(carrier.openTerminal(id)),

    onConnection(listener) {
      connectionListeners.add(listener);
      listener(link === 'up');
      return () => {
        connectionListeners.delete(listener);
      };
    },
  };
}

function failed(code: DesktopFailureCode, detail?: string): Extract<Answer, { ok: false }> {
  return {
    ok: false,
    failure: { code, message: desktopFailures[code], ...(detail === undefined ? {} : { detail }) },
  };
}
