/** The core's end of the bridge: each window's messages parsed, its calls answered, the events it wants told. */
import { z } from 'zod';
import { events, type EventName, type EventOf } from '../../protocol/bridge/events.ts';
import type { Result } from '../../protocol/bridge/failure.ts';
import { windowMessage, type MainMessage, type WindowMessage } from '../../protocol/bridge/messages.ts';
import type { CarrierPort, ConnectWindow } from '../host/host.ts';
import type { Calls } from './calls.ts';
import type { Log } from './log/log.ts';
import { fail } from './outcome.ts';

/** Tells the present state at once, then each change, until the signal. */
export type Source<T> = (tell: (event: T) => void, signal: AbortSignal) => void;
export type Sources = { readonly [N in EventName]: Source<EventOf<N>> };

interface BridgeParts {
  readonly calls: Calls;
  readonly sources: Sources;
  readonly openTerminal: (terminal: string, port: CarrierPort) => void;
  readonly log: Log;
  /** Names a fault in the log, so that a person can point at it. */
  readonly newId: () => string;
}

const withId = z.object({ id: z.int() });

export function createBridge(parts: BridgeParts): ConnectWindow {
  return (send) => {
    const closed = new AbortController();
    const subscriptions = new Map<EventName, AbortController>();
    const tell = (message: MainMessage): void => {
      if (!closed.signal.aborted) send(message);
    };
    const unsubscribe = (name: string): void => {
      if (!isEventName(name)) return;
      subscriptions.get(name)?.abort();
      subscriptions.delete(name);
    };
    const subscribe = (name: string): void => {
      unsubscribe(name); // anew: the present state comes first again
      if (!isEventName(name)) {
        parts.log.warn({ name }, 'window asks for an event that does not exist');
        return;
      }
      const subscription = new AbortController();
      subscriptions.set(name, subscription);
      const until = AbortSignal.any([closed.signal, subscription.signal]);
      parts.sources[name]((event: unknown) => {
        if (!until.aborted) tell({ type: 'event', name, event });
      }, until);
    };
    const answer = async (id: number, name: string, input: unknown): Promise<void> => {
      tell({ type: 'answer', id, result: await run(name, input, parts) });
    };
    const act = (message: WindowMessage): void => {
      switch (message.type) {
        case 'call':
          void answer(message.id, message.name, message.input);
          break;
        case 'subscribe':
          subscribe(message.name);
          break;
        case 'unsubscribe':
          unsubscribe(message.name);
          break;
      }
    };
    return {
      receive(raw) {
        const message = windowMessage.safeParse(raw);
        if (message.success) {
          act(message.data);
          return;
        }
        parts.log.warn('message of a window not understood');
        const id = withId.safeParse(raw).data?.id;
        if (id !== undefined) tell({ type: 'answer', id, result: fail('bad-call') });
      },
      openTerminal(terminal, port) {
        if (closed.signal.aborted) port.close();
        else parts.openTerminal(terminal, port);
      },
      close: () => closed.abort(),
    };
  };
}

const isEventName = (name: string): name is EventName => Object.hasOwn(events, name);
const isCall = (name: string, all: Calls): name is keyof Calls => Object.hasOwn(all, name);

/** What is thrown is a fault of the app: written down under an id, and told as such. */
async function run(name: string, input: unknown, { calls, log, newId }: BridgeParts): Promise<Result<unknown>> {
  if (!isCall(name, calls)) return fail('bad-call', name);
  try {
    return await calls[name](input);
  } catch (error) {
    const id = newId();
    log.error({ err: error, id, call: name }, 'a call failed');
    return fail('internal', `It is in the log as ${id}.`);
  }
}
