/** The accounts of this desktop, on one server or many, and which of them the person works in. */
import { createHash } from 'node:crypto';
import type { EventOf } from '../../../protocol/bridge/events.ts';
import type { Result } from '../../../protocol/bridge/failure.ts';
import { serverAddress } from '../api/address.ts';
import { checkServer, type CheckedServer } from '../api/server-check.ts';
import { done, fail, ok } from '../outcome.ts';
import type { ProfileFile } from '../settings/profile-file.ts';
import type { StoredAccount } from '../settings/stored.ts';
import { variable, type Watched } from '../variable.ts';
import { described } from './account-state.ts';
import { createAccount, type Account, type AccountParts } from './account.ts';
import { signIn, type Typed } from './sign-in.ts';

export interface Accounts extends AsyncDisposable {
  readonly state: Watched<EventOf<'accounts.changed'>>;
  readonly all: Watched<readonly Account[]>;
  get(id: string): Account | undefined;
  check(address: string): Promise<Result<CheckedServer>>;
  signIn(wish: Typed & { readonly address: string }): Promise<Result<{ readonly account: string }>>;
  signOut(id: string): Result<null>;
  activate(id: string): Result<null>;
  wake(): void;
}
interface AccountsParts extends AccountParts {
  readonly file: Pick<ProfileFile, 'stored' | 'change'>;
  /** Offered for the first sign-in; what was used since is offered after that. */
  readonly firstAddress: string;
}

export function createAccounts(parts: AccountsParts): Accounts {
  const { file } = parts;
  const stop = new AbortController();
  const goodbyes = new Set<Promise<void>>();
  let active = file.stored.active;
  let lastAddress = file.stored.last_address || parts.firstAddress;

  const keep = (stored: StoredAccount): void => {
    const others = file.stored.accounts.filter((each) => each.account !== stored.account);
    file.change({ accounts: [...others, stored] });
  };
  const all = variable<readonly Account[]>(file.stored.accounts.map((stored) => createAccount(stored, parts, keep)));
  const find = (id: string): Account | undefined => all.value.find((account) => account.id === id);
  const present = (): EventOf<'accounts.changed'> => ({
    active,
    last_address: lastAddress,
    accounts: all.value.map((account) => account.state.value),
  });
  const state = variable(present());
  const changed = (): void => {
    file.change({ active, last_address: lastAddress });
    state.set(present());
  };
  const follow = (account: Account): void => account.state.watch(() => state.set(present()), stop.signal);
  if (find(active ?? '') === undefined) active = all.value[0]?.id ?? null;
  for (const account of all.value) {
    follow(account);
    void account.start();
  }

  return {
    state,
    all,
    get: find,
    async check(address) {
      const checked = await checkServer(address, parts.connect);
      if (checked.ok) {
        lastAddress = checked.value.address;
        changed();
      }
      return checked;
    },
    async signIn(wish) {
      const address = serverAddress(wish.address);
      if (!address.ok) return address;
      const answer = await signIn(parts.connect(address.value), wish);
      if (!answer.ok) return answer;
      const id = accountId(address.value, answer.value.user.id);
      const account =
        find(id) ??
        createAccount({ account: id, address: address.value, ...described(answer.value.user) }, parts, keep);
      if (find(id) === undefined) {
        all.set([...all.value, account]);
        follow(account);
      }
      account.signedIn(answer.value);
      active = id;
      lastAddress = address.value;
      changed();
      return ok({ account: id });
    },
    signOut(id) {
      const account = find(id);
      if (account === undefined) return fail('unknown-account');
      all.set(all.value.filter((each) => each !== account));
      if (active === id) active = all.value[0]?.id ?? null;
      file.change({ accounts: file.stored.accounts.filter((each) => each.account !== id) });
      changed();
      const goodbye = account.signOut().finally(() => goodbyes.delete(goodbye));
      goodbyes.add(goodbye);
      return done;
    },
    activate(id) {
      if (find(id) === undefined) return fail('unknown-account');
      active = id;
      changed();
      return done;
    },
    wake() {
      for (const account of all.value) account.wake();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all([...goodbyes, ...all.value.map((account) => account[Symbol.asyncDispose]())]);
    },
  };
}

/** Stable over restarts and sign-ins: the same person on the same server. */
const accountId = (address: string, userId: string): string =>
  createHash('sha256').update(`${address}\n${userId}`).digest('base64url').slice(0, 22);
