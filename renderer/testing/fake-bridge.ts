/** A bridge in memory: present states that are told first, calls that are answered by functions, all of it checked by the contract. */
import type { z } from 'zod';
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import { calls, type CallInput, type CallName, type CallOutput } from '../../protocol/bridge/calls.ts';
import { events, type EventName, type EventOf } from '../../protocol/bridge/events.ts';
import { desktopFailures, type DesktopFailureCode, type Result } from '../../protocol/bridge/failure.ts';
import type { TerminalPort } from '../../protocol/bridge/terminal.ts';

type Reply<N extends CallName> = (input: CallInput<N>) => Result<CallOutput<N>> | Promise<Result<CallOutput<N>>>;
type CallSchemas = {
  readonly [N in CallName]: { readonly input: z.ZodType<CallInput<N>>; readonly output: z.ZodType<CallOutput<N>> };
};
const callSchemas: CallSchemas = calls;
type EventSchemas = { readonly [N in EventName]: z.ZodType<EventOf<N>> };
const eventSchemas: EventSchemas = events;

export interface FakeBridge extends Bridge {
  /** Tells an event; it is the present state from now on. */
  tell<N extends EventName>(name: N, event: EventOf<N>): void;
  /** Tells a change that is not the whole state. */
  tellOnce<N extends EventName>(name: N, event: EventOf<N>): void;
  answer<N extends CallName>(name: N, reply: Reply<N>): void;
  setConnected(connected: boolean): void;
  onTerminal(open: (id: string) => TerminalPort): void;
  /** What was asked, in order. */
  readonly asked: readonly { readonly name: CallName; readonly input: unknown }[];
}

export const fails = (code: DesktopFailureCode, detail?: string): Result<never> => ({
  ok: false,
  failure: { code, message: desktopFailures[code], ...(detail !== undefined && { detail }) },
});
export const succeeds = <T>(value: T): Result<T> => ({ ok: true, value });

const nothing = () => undefined;
/** A terminal nobody answers at. */
const deadPort = (): TerminalPort => ({
  send: nothing,
  sendFrame: nothing,
  onMessage: nothing,
  onFrame: nothing,
  onClose: nothing,
  close: nothing,
});

export function createFakeBridge(): FakeBridge {
  const present = new Map<string, unknown>();
  const listeners = new Map<string, Set<(event: unknown) => void>>();
  const answers = new Map<CallName, (input: unknown) => Promise<Result<unknown>>>();
  const asked: { name: CallName; input: unknown }[] = [];
  const watchers = new Set<(connected: boolean) => void>();
  let connected = true;
  let openTerminal: (id: string) => TerminalPort = deadPort;

  const tellOnce = (name: EventName, event: unknown) => {
    for (const hear of listeners.get(name) ?? []) hear(event);
  };
  return {
    asked,
    async call(name, input) {
      asked.push({ name, input });
      const answer = await answers.get(name)?.(input);
      if (!answer) return fails('bad-call', name);
      return answer.ok ? succeeds(callSchemas[name].output.parse(answer.value)) : answer;
    },
    on(name, listener) {
      const hear = (event: unknown) => listener(eventSchemas[name].parse(event));
      const heard = listeners.get(name) ?? new Set();
      listeners.set(name, heard.add(hear));
      if (present.has(name)) hear(present.get(name));
      return () => heard.delete(hear);
    },
    terminal: (id) => openTerminal(id),
    onConnection(listener) {
      watchers.add(listener);
      listener(connected);
      return () => watchers.delete(listener);
    },
    tell(name, event) {
      present.set(name, event);
      tellOnce(name, event);
    },
    tellOnce,
    answer(name, reply) {
      answers.set(name, async (input) => reply(callSchemas[name].input.parse(input)));
    },
    setConnected(now) {
      connected = now;
      for (const hear of watchers) hear(now);
    },
    onTerminal(open) {
      openTerminal = open;
    },
  };
}
