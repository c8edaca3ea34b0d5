/** The accounts of this desktop, on one server or many, and which of them the person works in. */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SignedIn } from '../../../protocol/api/auth.ts';
import type { EventOf } from '../../../protocol/bridge/events.ts';
import type { Result } from '../../../protocol/bridge/failure.ts';
import { checkServer, type CheckedServer } from '../api/server-check.ts';
import { done, fail } from '../outcome.ts';
import type { ProfileFile } from '../settings/profile-file.ts';
import type { StoredAccount } from '../settings/stored.ts';
import { variable, type Watched } from '../variable.ts';
import { described } from './account-state.ts';
import { createAccount, type Account, type AccountParts } from './account.ts';
import { signInOf } from './credential.ts';

export interface Accounts extends AsyncDisposable {
  readonly state: Watched<EventOf<'accounts.changed'>>;
  readonly all: Watched<readonly Account[]>;
  get(id: string): Account | undefined;
  check(address: string): Promise<Result<CheckedServer>>;
  /** A sign-in came to its end: this account is the active one now. Gives its id. */
  opened(address: string, answer: SignedIn): string;
  /** The account of this user name in an organization of a server, if its sign-in still holds. */
  living(place: Place): Account | undefined;
  signOut(id: string): Result<null>;
  activate(id: string): Result<null>;
  wake(): void;
}
interface AccountsParts extends AccountParts {
  readonly file: Pick<ProfileFile, 'stored' | 'change'>;
  /** Offered for the first sign-in; what was used since is offered after that. */
  readonly firstAddress: string;
}

/** A locked keychain waits for the person, who has just closed the app. */
const GOODBYES_WITHIN_MS = 5_000;

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
  for (const account of all.value) follow(account);
  /** Then the token of each is there, if it is kept. */
  const started = Promise.all(all.value.map((account) => account.start()));
  const goesOnWith = (address: string, signIn: string): boolean =>
    all.value.some((account) => account.address === address && signInOf(account.token() ?? '') === signIn);
  /** Tells the server, where no account here goes on with the sign-in of this token. */
  const end = async (account: Account, before: Promise<string | null>): Promise<void> => {
    const [token] = await Promise.all([before, started]);
    if (token === null) return;
    const signIn = signInOf(token);
    if (signIn === null || !goesOnWith(account.address, signIn)) await account.endSignIn(token);
  };
  /** Nobody waits for it but the app, when it is closed right after. */
  const sayGoodbye = (account: Account, before: Promise<string | null>): void => {
    const goodbye = end(account, before).finally(() => goodbyes.delete(goodbye));
    goodbyes.add(goodbye);
  };

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
    opened(address, answer) {
      const details = { address, reaches: [], ...described(answer.user) };
      const known = all.value.find(({ state: { value } }) => isSame(value, details));
      const account = known ?? createAccount({ account: accountId(details), ...details }, parts, keep);
      if (known === undefined) {
        all.set([...all.value, account]);
        follow(account);
      }
      sayGoodbye(account, account.signedIn(answer));
      active = account.id;
      lastAddress = address;
      changed();
      return account.id;
    },
    living: (place) =>
      all.value.find(
        ({ state: { value } }) =>
          value.address === place.address &&
          value.tenant_id === place.tenant_id &&
          value.username === place.username &&
          value.state !== 'expired',
      ),
    signOut(id) {
      const account = find(id);
      if (account === undefined) return fail('unknown-account');
      all.set(all.value.filter((each) => each !== account));
      if (active === id) active = all.value[0]?.id ?? null;
      file.change({ accounts: file.stored.accounts.filter((each) => each.account !== id) });
      changed();
      sayGoodbye(account, account.forget());
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
      const said = Promise.race([Promise.all(goodbyes), delay(GOODBYES_WITHIN_MS, null, { ref: false })]);
      await Promise.all([said, ...all.value.map((account) => account[Symbol.asyncDispose]())]);
    },
  };
}

type Identity = Pick<StoredAccount, 'address' | 'user_id' | 'tenant_id'>;
type Place = Pick<StoredAccount, 'address' | 'username' | 'tenant_id'>;

/** A user in an organization on a server: who is above all organizations is somebody else in each. */
const isSame = (one: Identity, other: Identity): boolean =>
  one.address === other.address && one.user_id === other.user_id && one.tenant_id === other.tenant_id;

/** Stable over restarts and sign-ins. */
const accountId = ({ address, user_id, tenant_id }: Identity): string =>
  createHash('sha256').update(`${address}\n${user_id}\n${tenant_id}`).digest('base64url').slice(0, 22);
