/** Signing in, one sign-in at a time: with a password, in the person's browser, or on from an account that is here already. */
import { createHash } from 'node:crypto';
import { auth } from '../../../protocol/api/auth.ts';
import type { Provider } from '../../../protocol/api/values.ts';
import type { Result } from '../../../protocol/bridge/failure.ts';
import type { SignIn } from '../../../protocol/bridge/sign-in.ts';
import { serverAddress } from '../api/address.ts';
import type { CallServer } from '../api/client.ts';
import { isErrorCode } from '../api/refusal.ts';
import type { IsOwnPeer } from '../network/peer-owner.ts';
import { apiFailure, desktopFailure, done, fail, ok } from '../outcome.ts';
import { variable, type Watched } from '../variable.ts';
import type { Account } from './account.ts';
import type { Accounts } from './accounts.ts';
import { listenForReturn, type Returned } from './browser-return.ts';
import { createFlow, inReach, type Flow } from './sign-in-flow.ts';

export interface SignIns extends Disposable {
  /** The one on its way, or how the last one ended. */
  readonly state: Watched<SignIn | null>;
  withPassword(wish: Wish & { readonly email: string; readonly password: string }): Promise<Result<SignIn>>;
  withProvider(wish: Wish & { readonly provider: Provider }): Promise<Result<SignIn>>;
  /** To another organization that this account's sign-in reaches. */
  switchFrom(account: Account, tenantId: string): Promise<Result<SignIn>>;
  choose(id: string, tenantId: string): Promise<Result<SignIn>>;
  code(id: string, code: string): Promise<Result<SignIn>>;
  resend(id: string): Promise<Result<SignIn>>;
  /** Null: one of which nothing was told yet. */
  cancel(id: string | null): Result<null>;
}
interface Wish {
  readonly address: string;
  /** An account that is signed in to again. */
  readonly again?: string | undefined;
}
interface SignInParts {
  readonly connect: (address: string) => CallServer;
  readonly openLink: (url: string) => Promise<void>;
  readonly isOwnPeer: IsOwnPeer;
  readonly accounts: Pick<Accounts, 'get' | 'living' | 'activate' | 'opened'>;
  readonly now: () => number;
  readonly newId: () => string;
  /** Nobody guesses it. */
  readonly newSecret: () => string;
}

export function createSignIns(parts: SignInParts): SignIns {
  const { accounts } = parts;
  const state = variable<SignIn | null>(null);
  let current: Flow | null = null;

  const leave = (): void => {
    current?.leave();
    current = null;
    state.set(null);
  };
  const begin = (begun: Begun): Flow => {
    leave();
    const { address, email, again } = begun;
    const id = parts.newId();
    current = createFlow({
      id,
      call: parts.connect(address),
      email,
      wanted: (again && accounts.get(again)?.state.value.tenant_id) || null,
      opened: (answer) => accounts.opened(address, answer),
      tell: (signIn) => state.set(signIn),
      now: parts.now,
    });
    return current;
  };
  const within = async (id: string, step: (flow: Flow) => Promise<Result<SignIn>>): Promise<Result<SignIn>> =>
    current?.id === id && !current.signal.aborted ? step(current) : fail('sign-in-over');

  return {
    state,
    async withPassword({ address: typed, again, email, password }) {
      const address = serverAddress(typed);
      if (!address.ok) return address;
      const flow = begin({ address: address.value, email, again });
      return flow.began(await flow.call(auth.login, { body: { email, password } }, { signal: flow.signal }));
    },
    async withProvider({ address: typed, again, provider }) {
      const address = serverAddress(typed);
      if (!address.ok) return address;
      const flow = begin({ address: address.value, email: null, again });
      const [ticket, secret, verifier] = [parts.newSecret(), parts.newSecret(), parts.newSecret()];
      const { isOwnPeer } = parts;
      const way = await listenForReturn({ ticket, state: secret, isOwnPeer }, flow.signal);
      if (flow.signal.aborted) return fail('sign-in-over');
      const shown = flow.atBrowser(provider);
      void cameBack(flow, way.returned, verifier);
      const link = startAt(address.value, provider, {
        client: 'desktop',
        redirect_uri: way.redirectUri,
        state: secret,
        code_challenge: challengeOf(verifier),
      });
      return parts.openLink(way.setOutTo(link)).then(
        () => shown,
        () => {
          if (current === flow) leave();
          return fail('browser-failed');
        },
      );
    },
    async switchFrom(account, tenant_id) {
      const { address, state: from } = account;
      const { email, reaches } = from.value;
      const username = reaches.find((each) => each.tenant_id === tenant_id)?.username ?? from.value.username;
      const there = accounts.living({ address, tenant_id, username });
      if (there !== undefined) {
        accounts.activate(there.id);
        return ok({ sign_in: parts.newId(), at: 'signed-in', account: there.id });
      }
      const flow = begin({ address, email });
      return flow.began(inReach(await account.call(auth.selectTenant, { body: { tenant_id } })));
    },
    choose: (id, tenantId) => within(id, (flow) => flow.choose(tenantId)),
    code: (id, code) => within(id, (flow) => flow.code(code)),
    resend: (id) => within(id, (flow) => flow.resend()),
    cancel(id) {
      if (id === null ? state.value === null : current?.id === id) leave();
      return done;
    },
    [Symbol.dispose]: () => current?.leave(),
  };
}

interface Begun extends Wish {
  readonly email: string | null;
}

/** The browser is back: with a code, that only who began can exchange. */
async function cameBack(flow: Flow, returned: Promise<Returned | null>, code_verifier: string): Promise<void> {
  const came = await returned;
  if (came === null) return;
  if ('twice' in came) {
    flow.over(desktopFailure('browser-twice'));
    return;
  }
  if ('error' in came) {
    flow.over(apiFailure(isErrorCode(came.error) ? came.error : 'provider-refused'));
    return;
  }
  const { call, signal } = flow;
  const answer = await call(auth.exchange, { body: { code: came.code, code_verifier } }, { signal });
  const went = answer.ok ? await flow.began(answer) : answer;
  // no call waits for it: what went wrong is told as its end
  if (!went.ok) flow.over(went.failure);
}

/** Where a browser begins, by the contract. */
function startAt(address: string, provider: Provider, query: Readonly<Record<string, string>>): string {
  const path = auth.toProvider.path.replace(':provider', provider);
  return `${address}${path}?${new URLSearchParams(query).toString()}`;
}

/** RFC 7636, S256. */
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');
