/**
 * One sign-in from its first answer to the account it opens: an organization and a code in between, as far as the server asks for them.
 * What the server gives to go on with stays here; windows are told what is asked for.
 *
 *   [browser ──>] answer ──> [organization ──>] [code ──>] signed-in
 *
 * What stands in brackets is passed by where nothing is asked for there. From each of it, it is over when it is too late, or refused for
 * good.
 */
import { auth, type CodeWanted, type LoginAnswer, type OrganizationWanted } from '../../../protocol/api/auth.ts';
import type { SignedIn } from '../../../protocol/api/auth.ts';
import type { Provider } from '../../../protocol/api/values.ts';
import type { DesktopFailureCode, Failure, Result } from '../../../protocol/bridge/failure.ts';
import type { SignIn } from '../../../protocol/bridge/sign-in.ts';
import type { CallServer } from '../api/client.ts';
import { desktopFailure, fail, ok } from '../outcome.ts';
import { organizationOf } from './account-state.ts';
import { isFinal, isRefusedToken } from './credential.ts';

export interface Flow {
  readonly id: string;
  readonly call: CallServer;
  /** Aborted once it is over, or left. */
  readonly signal: AbortSignal;
  /** The server was asked to let the person in. */
  began(answer: Result<LoginAnswer>): Promise<Result<SignIn>>;
  /** The person goes on in the browser for a while. */
  atBrowser(provider: Provider): Result<SignIn>;
  choose(tenantId: string): Promise<Result<SignIn>>;
  code(code: string): Promise<Result<SignIn>>;
  resend(): Promise<Result<SignIn>>;
  /** Nothing, where it is over or left already. */
  over(failure: Failure): Result<SignIn>;
  /** Nothing of it is told any more. */
  leave(): void;
}
export interface FlowParts {
  readonly id: string;
  readonly call: CallServer;
  /** Where codes are sent; null: only the server knows. */
  readonly email: string | null;
  /** The organization to go to, where the server lets choose. */
  readonly wanted: string | null;
  /** Gives the account's id. */
  readonly opened: (answer: SignedIn) => string;
  readonly tell: (signIn: SignIn) => void;
  readonly now: () => number;
}
type Step = SignIn extends infer S ? (S extends SignIn ? Omit<S, 'sign_in'> : never) : never;
type CodeStep = Extract<Step, { readonly at: 'code' }>;

/** How long session tokens live, and how long a browser may take. */
const WAIT_MS = 10 * 60_000;
/** A mail takes a moment. */
const RESEND_AFTER_MS = 30_000;

export function createFlow({ id, call, email, wanted, opened, tell, now }: FlowParts): Flow {
  const stop = new AbortController();
  const { signal } = stop;
  let timer: NodeJS.Timeout | undefined;
  let session_token = '';
  let asked: (CodeStep & { readonly username: string }) | null = null;

  const show = (step: Step): Result<SignIn> => {
    const signIn = { sign_in: id, ...step };
    tell(signIn);
    return ok(signIn);
  };
  const leave = (): void => {
    clearTimeout(timer);
    stop.abort();
  };
  const end = (step: Extract<Step, { readonly at: 'signed-in' | 'over' }>): Result<SignIn> => {
    leave();
    return show(step);
  };
  const over = (failure: Failure): Result<SignIn> =>
    signal.aborted ? fail('sign-in-over') : end({ at: 'over', failure });
  const waitFor = (ms: number, tooLate: DesktopFailureCode): void => {
    clearTimeout(timer);
    timer = setTimeout(() => over(desktopFailure(tooLate)), ms);
  };
  const showCode = (change: Partial<CodeStep>): Result<SignIn> => {
    if (asked === null) return fail('sign-in-over');
    asked = { ...asked, ...change };
    const { username: _, ...step } = asked;
    return show(step);
  };

  const askForCode = (answer: CodeWanted): Result<SignIn> => {
    const waitMs = answer.otp_expires_in_min * 60_000;
    const organization = answer.tenants[0]?.tenant_name ?? '';
    const expires_at = iso(now() + waitMs);
    const resend_at = iso(now() + RESEND_AFTER_MS);
    waitFor(waitMs, 'sign-in-over');
    asked = { at: 'code', email, organization, expires_at, resend_at, used_up: false, username: answer.username };
    return showCode({});
  };
  const askForOrganization = ({ tenants }: OrganizationWanted): Promise<Result<SignIn>> | Result<SignIn> => {
    if (wanted !== null && tenants.some(({ tenant_id }) => tenant_id === wanted)) return choose(wanted);
    waitFor(WAIT_MS, 'sign-in-over');
    return show({ at: 'organization', organizations: tenants.map(organizationOf) });
  };
  const took = (answer: LoginAnswer): Promise<Result<SignIn>> | Result<SignIn> => {
    session_token = answer.session_token;
    if ('requires_otp' in answer) return askForCode(answer);
    if ('requires_tenant_selection' in answer) return askForOrganization(answer);
    return end({ at: 'signed-in', account: opened(answer) });
  };
  /** The answer to a step in between. */
  const wentOn = async (answer: Result<LoginAnswer>): Promise<Result<SignIn>> => {
    if (signal.aborted) return fail('sign-in-over');
    if (answer.ok) return took(answer.value);
    if (isRefusedToken(answer.failure)) return over(desktopFailure('sign-in-over'));
    return isFinal(answer.failure) ? over(answer.failure) : answer;
  };
  const choose = async (tenant_id: string): Promise<Result<SignIn>> => {
    const answer = await call(auth.selectTenant, { body: { session_token, tenant_id } }, { signal });
    return wentOn(inReach(answer));
  };

  return {
    id,
    call,
    signal,
    async began(answer) {
      if (signal.aborted) return fail('sign-in-over');
      if (answer.ok) return took(answer.value);
      leave();
      return answer;
    },
    atBrowser(provider) {
      waitFor(WAIT_MS, 'browser-too-late');
      return show({ at: 'browser', provider });
    },
    choose,
    async code(otp_code) {
      const username = asked?.username ?? '';
      const answer = await call(auth.verifyOtp, { body: { username, otp_code, session_token } }, { signal });
      if (!signal.aborted && isRefused(answer, 'code-expired')) showCode({ used_up: true });
      return wentOn(answer);
    },
    async resend() {
      const answer = await call(auth.resendOtp, { body: { session_token } }, { signal });
      if (!signal.aborted && !answer.ok) {
        const { code, retry_after_s } = answer.failure;
        // there is no code any more that another could take the place of
        if (code === 'code-expired') return over(desktopFailure('sign-in-over'));
        if (retry_after_s !== undefined) showCode({ resend_at: iso(now() + retry_after_s * 1000) });
      }
      return wentOn(answer);
    },
    over,
    leave,
  };
}

/** An organization that is not found is one that the sign-in does not reach: the server says no more. */
export const inReach = (answer: Result<LoginAnswer>): Result<LoginAnswer> =>
  isRefused(answer, 'not-found') ? fail('organization-out-of-reach') : answer;

const isRefused = (answer: Result<LoginAnswer>, code: Failure['code']): boolean =>
  !answer.ok && answer.failure.code === code;

const iso = (ms: number): string => new Date(ms).toISOString();
