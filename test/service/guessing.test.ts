/** Every secret that could be guessed: tries are slowed down, whoever is slowed down is told for how long, and the audit tells it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limitedBy } from '../../backend/gateway/address.ts';
import { PLATFORM } from '../../backend/store/store.ts';
import { admit } from '../../backend/store/throttle.ts';
import { codeWanted } from '../../protocol/api/auth.ts';
import { startBackend, type Answered, type Backend } from './backend.ts';
import { startMailbox, type Mailbox } from './mailbox.ts';
import { audit } from './people.ts';
import { newAgentKey } from './scripted-agent.ts';
import { otherThan, signInSteps, type Steps } from './sign-in-steps.ts';

let mailbox: Mailbox;
let backend: Backend;
let steps: Steps;
beforeAll(async () => {
  mailbox = await startMailbox();
  backend = await startBackend({ environment: { TRUSTED_PROXIES: '127.0.0.1', ...mailbox.environment } });
  steps = signInSteps(backend);
});
afterAll(async () => {
  await backend[Symbol.asyncDispose]();
  await mailbox[Symbol.asyncDispose]();
});

type Guess = () => Promise<Answered>;
function join(token: string, address: string): Promise<Answered> {
  const about = { hostname: 'guessing', os: 'Linux', arch: 'x64', agent_version: '0.0.0' };
  const body = { token, public_key: newAgentKey().publicKey, ...about };
  return backend.request('POST', '/api/agent/register', { body, headers: { 'x-forwarded-for': address } });
}

describe('guessing', () => {
  it.each<[string, string, () => Promise<Guess>]>([
    [
      'a password',
      '/api/auth/login',
      async () => {
        const account = await backend.signUp();
        return () => steps.login({ ...account, password: randomUUID() });
      },
    ],
    [
      'a code',
      '/api/auth/verify-otp',
      async () => {
        const account = await backend.signUp();
        const { username, session_token } = codeWanted.parse((await steps.login(account)).body);
        const otp_code = otherThan(mailbox.codeFor(account.email));
        return () => steps.verify({ username, session_token, otp_code });
      },
    ],
    ['an API key', '/api/agent/register', () => Promise.resolve(() => join(`vsay_ak_${randomUUID()}`, '192.0.2.201'))],
    [
      'a registration token',
      '/api/agent/register',
      () => Promise.resolve(() => join(`vsay_rt_${randomUUID()}`, '192.0.2.202')),
    ],
    [
      'one dead registration token from everywhere',
      '/api/agent/register',
      () => {
        const token = randomUUID();
        let tries = 0;
        return Promise.resolve(() => join(token, `192.0.2.${(tries += 1)}`));
      },
    ],
  ])('%s is slowed down, and told', async (_what, path, prepare) => {
    const guess = await prepare();
    const told = async () =>
      (await audit(backend, { organizationId: PLATFORM.id })).filter(
        ({ action, detail }) => action === 'guessing_slowed' && JSON.stringify(detail).includes(path),
      );
    const before = (await told()).length;
    const answers: Answered[] = [];
    do answers.push(await guess());
    while (answers.at(-1)?.status === 401 && answers.length < 30);
    const slowed = answers.at(-1);
    expect(slowed).toMatchObject({ status: 429, body: { code: 'slow-down' } });
    expect(Number(slowed?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    const entries = await told();
    expect(entries).toHaveLength(before + 1);
    expect(entries.at(-1)).toMatchObject({ status: 'failure', detail: { code: 'slow-down', method: 'POST', path } });
  });
});

function signUp(address: string): Promise<Answered> {
  const slug = `o-${randomUUID()}`;
  const names = { username: slug, first_name: 'Ada', last_name: 'L', organization_name: slug, company_name: slug };
  const body = { ...names, email: 'everybody@example.test', password: randomUUID() };
  return backend.request('POST', '/api/auth/signup', { body, headers: { 'x-forwarded-for': address } });
}

it('signing up is slowed down past a hundred organizations from one address: each is an account under an email that nobody proved', async () => {
  const [often, other] = ['192.0.2.210', '192.0.2.211'];
  for (let i = 0; i < 100; i += 1) await admit(backend.store.platform, { signup: limitedBy(often) }, Date.now());
  expect(await signUp(often)).toMatchObject({ status: 201 });
  expect(await signUp(often)).toMatchObject({ status: 429, body: { code: 'slow-down' } });
  expect(await signUp(other)).toMatchObject({ status: 201 });
});
