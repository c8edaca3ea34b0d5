import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CodeWanted, LoginAnswer, SignedIn } from '../../../protocol/api/auth.ts';
import type { Failure, Result } from '../../../protocol/bridge/failure.ts';
import type { SignIn } from '../../../protocol/bridge/sign-in.ts';
import type { CallServer } from '../api/client.ts';
import { apiFailure, desktopFailure, ok, refused } from '../outcome.ts';
import { createFlow } from './sign-in-flow.ts';

const start = Date.UTC(2026, 0, 15);
const MINUTE = 60_000;
const at = (ms: number) => new Date(start + ms).toISOString();
const tenantOf = (tenant_id: string) => ({
  tenant_id,
  tenant_name: `The ${tenant_id}`,
  username: 'ada',
  user_id: '0'.repeat(24),
});
const codeWanted = (session_token: string): CodeWanted => ({
  message: '',
  requires_otp: true,
  username: 'ada',
  tenants: [tenantOf('harbour')],
  session_token,
  otp_expires_in_min: 10,
});
const choice: LoginAnswer = {
  requires_tenant_selection: true,
  tenants: ['harbour', 'engines'].map(tenantOf),
  session_token: 's-choice',
};
const opened: SignedIn = {
  token: 't',
  user: {
    id: '0'.repeat(24),
    username: 'ada',
    email: 'ada@harbour.test',
    first_name: '',
    last_name: '',
    tenant_id: 'harbour',
    tenant_name: 'The harbour',
    role: 'user',
    machine_role: 'non-sudo',
    groups: [],
    email_verified: true,
    api_key: null,
  },
  expires_in: 60,
  session_token: 's-done',
  available_tenants: [tenantOf('harbour')],
};

/** A server that answers what it is told to, in order, and whom it was asked by. */
function server() {
  const answers: (Result<LoginAnswer> | 'silent')[] = [];
  const asked: unknown[] = [];
  const call: CallServer = async (row, args) => {
    asked.push('body' in args ? args.body : null);
    const answer = answers.shift() ?? 'silent';
    if (answer === 'silent') return new Promise(() => undefined);
    if (!answer.ok) return answer;
    const parsed = row.answer[200]?.parse(answer.value);
    if (parsed === undefined) throw new Error('no such answer');
    return ok(parsed);
  };
  return { answers, asked, call };
}

const setUp = (wanted: string | null = null) => {
  const { answers, asked, call } = server();
  const told: SignIn[] = [];
  const email = 'ada@harbour.test';
  const flow = createFlow({
    id: 'f',
    call,
    email,
    wanted,
    opened: ({ token }) => `account of ${token}`,
    tell: (signIn) => told.push(signIn),
    now: Date.now,
  });
  const refuses = (failure: Failure) => answers.push(refused(failure));
  return { flow, answers, asked, told, refuses };
};
const wrong = apiFailure('code-wrong');

describe('a sign-in on its way', () => {
  beforeEach(() => vi.useFakeTimers({ now: start }));
  afterEach(() => vi.useRealTimers());
  it('asks for the organization, then for the code, each with the token of the step before, and tells none of them', async () => {
    const { flow, answers, asked, told } = setUp();
    expect(await flow.began(ok(choice))).toMatchObject({
      value: { at: 'organization', organizations: [{ tenant_id: 'harbour', name: 'The harbour' }, {}] },
    });
    answers.push(ok(codeWanted('s-code')), ok(opened));
    expect(await flow.choose('harbour')).toMatchObject({ value: { at: 'code', email: 'ada@harbour.test' } });
    expect(await flow.code('123456')).toEqual(ok({ sign_in: 'f', at: 'signed-in', account: 'account of t' }));
    expect(asked).toEqual([
      { session_token: 's-choice', tenant_id: 'harbour' },
      { username: 'ada', otp_code: '123456', session_token: 's-code' },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/s-choice|s-code|s-done|"t"/);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('says until when the code is good, and from when another may be asked for', async () => {
    const { flow } = setUp();
    expect(await flow.began(ok(codeWanted('s')))).toMatchObject({
      value: { expires_at: at(10 * MINUTE), resend_at: at(30_000), used_up: false },
    });
  });

  it('of an account that is here goes to its organization without asking', async () => {
    const { flow, answers, asked, told } = setUp('engines');
    answers.push(ok(opened));
    expect(await flow.began(ok(choice))).toMatchObject({ value: { at: 'signed-in' } });
    expect(asked).toEqual([{ session_token: 's-choice', tenant_id: 'engines' }]);
    expect(told).toHaveLength(1);
  });

  it('goes on after a wrong code, after too many tries at once, and after a server that was away', async () => {
    const { flow, answers, refuses, told } = setUp();
    await flow.began(ok(codeWanted('s')));
    const failures = [wrong, { ...apiFailure('slow-down'), retry_after_s: 7 }, desktopFailure('unreachable')];
    for (const failure of failures) {
      refuses(failure);
      expect(await flow.code('000000')).toEqual(refused(failure));
    }
    expect(told).toHaveLength(1);
    answers.push(ok(opened));
    expect(await flow.code('123456')).toMatchObject({ value: { at: 'signed-in' } });
  });

  it('with a code that is used up waits for another, and takes that', async () => {
    const { flow, answers, refuses, told } = setUp();
    await flow.began(ok(codeWanted('s-1')));
    refuses(apiFailure('code-expired'));
    expect(await flow.code('000000')).toMatchObject({ failure: { code: 'code-expired' } });
    expect(told.at(-1)).toMatchObject({ at: 'code', used_up: true });
    answers.push(ok(codeWanted('s-2')));
    expect(await flow.resend()).toMatchObject({ value: { at: 'code', used_up: false } });
  });

  it('says when another code may be asked for, as the server does', async () => {
    const { flow, refuses, told } = setUp();
    await flow.began(ok(codeWanted('s')));
    refuses({ ...apiFailure('slow-down'), retry_after_s: 50 });
    expect(await flow.resend()).toMatchObject({ failure: { retry_after_s: 50 } });
    expect(told.at(-1)).toMatchObject({ at: 'code', resend_at: at(50_000) });
  });

  it.each([
    ['its token is no longer good', 'token-expired', 'sign-in-over'],
    ['it was ended elsewhere', 'token-revoked', 'sign-in-over'],
    ['the account was disabled meanwhile', 'account-disabled', 'account-disabled'],
  ] as const)('is over when %s, in words of its own', async (_what, code, said) => {
    const { flow, refuses, told } = setUp();
    await flow.began(ok(codeWanted('s')));
    refuses(apiFailure(code));
    expect(await flow.code('123456')).toMatchObject({ value: { at: 'over', failure: { code: said } } });
    expect(told.at(-1)).toMatchObject({ at: 'over' });
    expect(flow.signal.aborted).toBe(true);
  });

  it('is over when there is no code that another could take the place of', async () => {
    const { flow, refuses } = setUp();
    await flow.began(ok(codeWanted('s')));
    refuses(apiFailure('code-expired'));
    expect(await flow.resend()).toMatchObject({ value: { at: 'over', failure: { code: 'sign-in-over' } } });
  });

  it('is over by itself when its time has passed, at each of its steps', async () => {
    const begins = [ok(choice), ok(codeWanted('s'))];
    for (const answer of begins) {
      const { flow, told } = setUp();
      await flow.began(answer);
      await vi.advanceTimersByTimeAsync(10 * MINUTE);
      expect(told.at(-1)).toMatchObject({ at: 'over', failure: { code: 'sign-in-over' } });
      expect(vi.getTimerCount()).toBe(0);
    }
    const { flow, told } = setUp();
    flow.atBrowser('github');
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect(told.at(-1)).toMatchObject({ at: 'over', failure: { code: 'browser-too-late' } });
  });

  it('that was left tells nothing more, whatever the server still answers', async () => {
    const { flow, told, answers } = setUp();
    await flow.began(ok(codeWanted('s')));
    answers.push(ok(opened));
    const late = flow.code('123456');
    flow.leave();
    expect(await late).toEqual(refused(desktopFailure('sign-in-over')));
    expect(told).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells an organization that it does not reach from everything else that is not there', async () => {
    const { flow, refuses } = setUp();
    await flow.began(ok(choice));
    refuses(apiFailure('not-found'));
    expect(await flow.choose('elsewhere')).toMatchObject({ failure: { code: 'organization-out-of-reach' } });
  });
});
