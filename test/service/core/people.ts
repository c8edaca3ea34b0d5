/** What tests of the core do and look at again and again. */
import type { Machine } from '../../../protocol/api/machines.ts';
import type { Account } from '../../../protocol/bridge/events.ts';
import type { Backend } from '../backend.ts';
import type { TestDesktop } from './desktop.ts';
import type { TestWindow } from './window.ts';

interface Person {
  readonly email: string;
  readonly password: string;
}

/** Gives the account's id. */
export async function signIn(desktop: TestDesktop, backend: Pick<Backend, 'url'>, person: Person): Promise<string> {
  const { email, password } = person;
  const answer = await desktop.window.call('accounts.sign-in', { address: backend.url, email, password });
  if (!answer.ok) throw new Error(`not signed in: ${JSON.stringify(answer.failure)}`);
  if (answer.value.at !== 'signed-in') throw new Error(`not signed in yet: ${answer.value.at}`);
  return answer.value.account;
}

export const accounts = (desktop: TestDesktop): readonly Account[] =>
  desktop.window.latest('accounts.changed')?.accounts ?? [];
export const onlyAccount = (desktop: TestDesktop): Account | undefined => accounts(desktop)[0];

export interface KnownMachines {
  readonly load: 'loading' | 'live' | 'stale';
  readonly asOf: string | null;
  readonly names: readonly string[];
  get(agentId: string): Machine | undefined;
}

/** What a window made of everything it was told of an account's machines. */
export function knownMachines(window: TestWindow, account: string): KnownMachines {
  const machines = new Map<string, Machine>();
  const told = window.heard('machines.changed').filter((change) => change.account === account);
  for (const change of told) {
    if (change.replace) machines.clear();
    for (const machine of change.changed) machines.set(machine.agent_id, machine);
    for (const agentId of change.removed) machines.delete(agentId);
  }
  const last = told.at(-1);
  return {
    load: last?.load ?? 'loading',
    asOf: last?.as_of ?? null,
    names: [...machines.values()].map(({ name }) => name).toSorted(),
    get: (agentId) => machines.get(agentId),
  };
}

export const stateOf = (desktop: TestDesktop): Account['state'] | undefined => onlyAccount(desktop)?.state;
export const noticeCodes = (desktop: TestDesktop): readonly string[] =>
  (desktop.window.latest('notices.changed') ?? []).map(({ code }) => code);
