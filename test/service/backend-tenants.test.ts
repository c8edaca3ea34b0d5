import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createPasswords } from '../../backend/auth/passwords.ts';
import { createTokens } from '../../backend/auth/tokens.ts';
import { createIdentify } from '../../backend/gateway/identify.ts';
import { startBackend, type Account, type Answered, type Backend } from './backend.ts';
import { newObjectId } from './store.ts';

let backend: Backend;
let acme: Party;
let other: Party;
interface Party {
  readonly account: Account;
  readonly token: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly machine: { readonly id: string; readonly agent_id: string };
  readonly sessionId: string;
}
const created = z.object({ machine: z.object({ agent_id: z.string() }) });
const listed = z.object({ machines: z.array(z.object({ agent_id: z.string() })) });

async function settle(): Promise<Party> {
  const account = await backend.signUp();
  const { token, user } = await backend.signIn(account);
  const answer = await backend.request('POST', '/api/machines', {
    token,
    body: { name: `${account.organization}-box` },
  });
  const { agent_id } = created.parse(answer.body).machine;
  const { read } = backend.store.platform;
  const row = await read.selectFrom('machines').selectAll().where('agent_id', '=', agent_id).executeTakeFirstOrThrow();
  const machine = { id: row.id, agent_id };
  const organizationId = row.organization_id;
  const sessionId = await addSession({ organizationId, userId: user.id, machine });
  return { account, token, organizationId, userId: user.id, machine, sessionId };
}
async function addSession({ organizationId, userId, machine }: Pick<Party, 'organizationId' | 'userId' | 'machine'>) {
  const id = crypto.randomUUID();
  await backend.store.organization(organizationId).upkeep((tx) =>
    tx
      .insertInto('sessions')
      .values({
        id,
        machine_id: machine.id,
        agent_id: machine.agent_id,
        machine_name: 'box',
        user_id: userId,
        username: 'somebody',
        open_id: id,
        source: 'cli',
        machine_role: 'non-sudo',
        cols: 80,
        rows: 24,
        bytes_out: 0,
        started_at: new Date().toISOString(),
      })
      .execute(),
  );
  return id;
}
/** A member of the organization that is no admin. */
async function addUser(organizationId: string) {
  const id = newObjectId();
  const password = crypto.randomUUID();
  const email = `${id}@example.test`;
  const hashed = await createPasswords({ atOnce: 1, waiting: 1 }, crypto.randomUUID()).hash({ email, password });
  if (!hashed.ok) throw new Error(hashed.code);
  const at = new Date().toISOString();
  const user = {
    id,
    username: id,
    username_key: id,
    email,
    first_name: '',
    last_name: '',
    password_hash: hashed.hash,
    role: 'user',
    machine_role: 'non-sudo',
    enabled_at: at,
    created_at: at,
  } as const;
  await backend.store.organization(organizationId).upkeep((tx) => tx.insertInto('users').values(user).execute());
  const { token } = await backend.signIn({ email: user.email, password });
  return { id, token };
}
const grant = (party: Party, userId: string) =>
  backend.store.organization(party.organizationId).upkeep((tx) =>
    tx
      .insertInto('machine_grants')
      .values({
        machine_id: party.machine.id,
        user_id: userId,
        machine_role: 'sudo',
        granted_by: party.userId,
        created_at: new Date().toISOString(),
      })
      .execute(),
  );
const plain = ({ status, body }: Answered) => ({
  status,
  body: { ...z.looseObject({}).parse(body), request_id: 'any' },
});
const seen = async (token: string) =>
  listed
    .parse((await backend.request('GET', '/api/machines', { token })).body)
    .machines.map(({ agent_id }) => agent_id);

beforeAll(async () => {
  backend = await startBackend();
  [acme, other] = [await settle(), await settle()];
});
afterAll(() => backend[Symbol.asyncDispose]());

describe('another organization’s object', () => {
  it.each([
    ['GET', 'machine', () => `/api/machines/${other.machine.agent_id}`, () => `/api/machines/${crypto.randomUUID()}`],
    [
      'DELETE',
      'machine',
      () => `/api/machines/${other.machine.agent_id}`,
      () => `/api/machines/${crypto.randomUUID()}`,
    ],
    [
      'GET',
      'machine by its own id',
      () => `/api/machines/by-id/${other.machine.id}`,
      () => `/api/machines/by-id/${newObjectId()}`,
    ],
    [
      'DELETE',
      'session',
      () => `/api/terminal/sessions/${other.sessionId}`,
      () => `/api/terminal/sessions/${crypto.randomUUID()}`,
    ],
  ])('%s of a %s is answered as if there were none', async (method, _what, foreign, missing) => {
    const { token } = acme;
    const [theirs, none] = [
      await backend.request(method, foreign(), { token }),
      await backend.request(method, missing(), { token }),
    ];
    expect(theirs).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(plain(theirs)).toEqual(plain(none));
    expect(theirs.headers.get('content-length')).toBe(none.headers.get('content-length'));
  });

  it('is in no list', async () => {
    expect(await seen(acme.token)).toEqual([acme.machine.agent_id]);
    const { body } = await backend.request('GET', '/api/terminal/sessions', { token: acme.token });
    expect(JSON.stringify(body)).not.toContain(other.sessionId);
  });

  it('is out of reach of a handler that forgets the organization', async () => {
    const secret = readFileSync(join(backend.dataFolder, 'jwt-secret'), 'utf8');
    const tokens = createTokens({ secret, lifetimeS: 60, now: () => Date.now(), newUuid: () => crypto.randomUUID() });
    const identify = createIdentify({ tokens, store: backend.store });
    const visitor = { requestId: '', address: '', userAgent: null, source: 'cli', host: '' } as const;
    const identified = await identify(acme.token, visitor);
    if (!identified.ok) throw new Error(identified.code);
    const { member } = identified;

    const machines = await member.read.selectFrom('machines').select('agent_id').execute();
    expect(machines).toEqual([{ agent_id: acme.machine.agent_id }]);
    const written = await member.write(async (tx) => {
      await tx.updateTable('machines').set({ description: 'everything is mine' }).execute();
      await tx.deleteFrom('sessions').execute();
      return { value: null, audit: { action: 'careless' } };
    });
    expect(written).toEqual({ value: null });
    const theirs = backend.store.organization(other.organizationId).read;
    expect(await theirs.selectFrom('machines').select('description').execute()).toEqual([{ description: '' }]);
    expect(await theirs.selectFrom('sessions').select('id').execute()).toEqual([{ id: other.sessionId }]);
    const audited = await theirs
      .selectFrom('audit_entries')
      .select('action')
      .where('action', '=', 'careless')
      .execute();
    expect(audited).toEqual([]);
  });
});

describe('a user who is no admin', () => {
  it('sees and uses a machine once it was granted, and does not end it', async () => {
    const user = await addUser(other.organizationId);
    const path = `/api/machines/${other.machine.agent_id}`;
    expect(await seen(user.token)).toEqual([]);
    expect(await backend.request('GET', path, user)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await backend.request('DELETE', path, user)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    await grant(other, user.id);
    expect(await seen(user.token)).toEqual([other.machine.agent_id]);
    expect(await backend.request('GET', path, user)).toMatchObject({ status: 200 });
    expect(await backend.request('DELETE', path, user)).toMatchObject({ status: 403, body: { code: 'role-too-low' } });
  });

  it('sees its own sessions and those on machines it owns, and of others none', async () => {
    const user = await addUser(other.organizationId);
    const close = (id: string) => backend.request('DELETE', `/api/terminal/sessions/${id}`, user);
    expect(await close(other.sessionId)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    const mine = await addSession({ ...other, userId: user.id });
    const { body } = await backend.request('GET', '/api/terminal/sessions', user);
    expect(JSON.stringify(body)).toContain(mine);
    expect(JSON.stringify(body)).not.toContain(other.sessionId);
  });

  it('that reaches for more is told to its own organization', async () => {
    const user = await addUser(acme.organizationId);
    await backend.request('DELETE', `/api/machines/${other.machine.agent_id}`, user);
    const entries = await backend.store
      .organization(acme.organizationId)
      .read.selectFrom('audit_entries')
      .selectAll()
      .where('action', '=', 'permission_denied')
      .execute();
    expect(entries.at(-1)).toMatchObject({
      user_id: user.id,
      resource: other.machine.agent_id,
      status: 'failure',
      detail: '{"code":"not-found","method":"DELETE","path":"/api/machines/:agent_id"}',
    });
  });
});
