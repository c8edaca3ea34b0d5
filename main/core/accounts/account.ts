/** One account: its token, the connection to its server, and what is known of its machines and sessions. */
import { auth, type SignedIn } from '../../../protocol/api/auth.ts';
import type { Event } from '../../../protocol/api/events.ts';
import { machines } from '../../../protocol/api/machines.ts';
import type { Answering, Args, JsonRow } from '../../../protocol/api/row.ts';
import { terminals } from '../../../protocol/api/terminals.ts';
import { users } from '../../../protocol/api/users.ts';
import type { Account as AccountState } from '../../../protocol/bridge/events.ts';
import type { Failure, Result } from '../../../protocol/bridge/failure.ts';
import type { CallServer } from '../api/client.ts';
import type { Dial } from '../api/socket.ts';
import type { Log } from '../log/log.ts';
import type { ListCache } from '../machines/list-cache.ts';
import { createLists, type Lists } from '../machines/lists.ts';
import { createLiveLink, type LinkState } from '../machines/live-link.ts';
import { desktopFailure, done, fail, ok } from '../outcome.ts';
import type { StoredAccount } from '../settings/stored.ts';
import { variable, type Watched } from '../variable.ts';
import type { Vault } from '../vault/vault.ts';
import { described, offTheLink, onTheLink, organizationOf, storedOf } from './account-state.ts';
import { createCredential, isRefusedToken } from './credential.ts';

export interface Account extends AsyncDisposable {
  readonly id: string;
  readonly address: string;
  readonly state: Watched<AccountState>;
  readonly lists: Pick<Lists, 'machines' | 'sessions'>;
  /** With its token, which is renewed when the server wants another. */
  call<R extends JsonRow, A>(row: R & Answering<A>, args: Args<R>): Promise<Result<A>>;
  readonly token: () => string | null;
  /** A socket was refused with this token; true when there is another one now. */
  tokenRefused(token: string): Promise<boolean>;
  /** With the token of the vault. */
  start(): Promise<void>;
  /** Gives the token that it had before. */
  signedIn(answer: SignedIn): Promise<string | null>;
  /** Asks the server for everything once more. */
  refresh(): Promise<Result<null>>;
  wake(): void;
  /** Forgets everything of it here. Gives the token that it had. */
  forget(): Promise<string | null>;
  /** Tells the server that the sign-in of this token is over; never rejects. */
  endSignIn(token: string): Promise<void>;
}
export interface AccountParts {
  readonly vault: Vault;
  readonly cache: ListCache;
  readonly connect: (address: string) => CallServer;
  readonly dial: Dial;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
  readonly backoff: (attempt: number) => number;
}

/** Nobody waits for it; the app does, when it is closed right after. */
const LOGOUT_WITHIN_MS = 3_000;

export function createAccount(
  stored: StoredAccount,
  parts: AccountParts,
  keep: (stored: StoredAccount) => void,
): Account {
  const { account: id, address } = stored;
  const stop = new AbortController();
  const callServer = parts.connect(address);
  const state = variable<AccountState>({ ...stored, state: 'connecting', latency_ms: null });
  const lists = createLists({ account: id, cache: parts.cache, now: parts.now }, stop.signal);

  const expired = (failure: Failure): void => {
    link.stop();
    lists.stale();
    state.set(offTheLink(state.value, failure));
  };
  const credential = createCredential({ ...parts, account: id, call: callServer, givenUp: expired }, stop.signal);
  const call: Account['call'] = async (row, args) => {
    const { token } = credential;
    if (token === null) return fail('signed-out');
    const answer = await callServer(row, args, { token, signal: stop.signal });
    if (answer.ok || !isRefusedToken(answer.failure) || !(await credential.refused(token))) return answer;
    return credential.token === null ? answer : callServer(row, args, { token: credential.token, signal: stop.signal });
  };
  const fetchLists = async (): Promise<Result<Event>> => {
    const [known, live] = await Promise.all([call(machines.list, { query: {} }), call(terminals.list, {})]);
    if (!known.ok) return known;
    if (!live.ok) return live;
    return ok({ type: 'snapshot', machines: known.value.machines, sessions: live.value.sessions });
  };
  const describe = (change: Partial<StoredAccount>): void => {
    const details = { ...storedOf(state.value), ...change };
    state.set({ ...state.value, ...details });
    keep(details);
  };
  /** Roles and names change on the server. */
  const askWhoIAm = async (): Promise<void> => {
    const answer = await call(users.me, {});
    if (answer.ok && !stop.signal.aborted && answer.value.user.id === stored.user_id)
      describe(described(answer.value.user));
  };
  const linkChanged = (change: LinkState): void => {
    const before = state.value;
    if (change.at === 'online' && before.state !== 'online') void askWhoIAm();
    if (change.at === 'offline') {
      lists.stale();
      parts.log.info({ account: id, code: change.failure.code, detail: change.failure.detail }, 'server not reached');
    }
    state.set(onTheLink(before, change));
  };
  const link = createLiveLink(
    {
      ...parts,
      address,
      fetchLists,
      token: () => credential.token,
      tokenRefused: (token) => credential.refused(token),
      stateChanged: linkChanged,
      told: (event) => lists.take(event),
    },
    stop.signal,
  );

  return {
    id,
    address,
    state,
    lists,
    call,
    token: () => credential.token,
    tokenRefused: (token) => credential.refused(token),
    async start() {
      const [, loaded] = await Promise.all([lists.restore(), credential.load()]);
      if (stop.signal.aborted) return;
      if (loaded) link.connect();
      else expired(desktopFailure('signed-out'));
    },
    signedIn(answer) {
      const before = credential.set(answer.token, answer.expires_in);
      describe({ ...described(answer.user), reaches: answer.available_tenants.map(organizationOf) });
      link.connect();
      return before;
    },
    async refresh() {
      if (state.value.state !== 'online') link.connect();
      const answer = await fetchLists();
      if (!answer.ok) return answer;
      lists.take(answer.value);
      return done;
    },
    wake() {
      credential.wake();
      link.connect();
    },
    async forget() {
      stop.abort();
      const [before] = await Promise.all([credential.forget(), parts.cache.forget(id)]);
      return before;
    },
    async endSignIn(token) {
      const answer = await callServer(auth.logout, {}, { token, signal: AbortSignal.timeout(LOGOUT_WITHIN_MS) });
      if (!answer.ok)
        parts.log.info({ account: id, code: answer.failure.code }, 'server not told that a sign-in is over');
    },
    async [Symbol.asyncDispose]() {
      if (stop.signal.aborted) return;
      stop.abort();
      await lists.save();
    },
  };
}
