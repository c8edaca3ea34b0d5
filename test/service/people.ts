/** People and machines of a backend under test, made the way they come to be. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createPasswords } from '../../backend/auth/passwords.ts';
import { makeSuperAdmin } from '../../backend/data/super-admin.ts';
import { PLATFORM } from '../../backend/store/store.ts';
import { signedIn } from '../../protocol/api/auth.ts';
import { machines } from '../../protocol/api/machines.ts';
import { users } from '../../protocol/api/users.ts';
import type { Answered, Backend } from './backend.ts';
import { joinScripted, type ScriptedAgent } from './scripted-agent.ts';
import { newObjectId } from './store.ts';

export interface Person {
  readonly token: string;
  /** Of the admin who made it; an admin's own. */
  readonly adminToken: string;
  readonly userId: string;
  readonly username: string;
  readonly email: string;
  readonly organizationId: string;
  /** Its slug. */
  readonly tenantId: string;
  readonly password: string;
}

/** Asks as somebody; `backend` is started by then. */
export function asker(backend: () => Pick<Backend, 'request'>) {
  return (method: string, path: string, { token }: Pick<Person, 'token'>, body?: unknown): Promise<Answered> =>
    backend().request(method, path, { token, body });
}

/** The admin of a new organization. */
export async function anAdmin(backend: Backend): Promise<Person> {
  const account = await backend.signUp();
  const { token, user } = await backend.signIn(account);
  return {
    token,
    adminToken: token,
    userId: user.id,
    username: user.username,
    email: user.email,
    organizationId: await organizationOf(backend, user.id),
    tenantId: user.tenant_id,
    password: account.password,
  };
}

/** Somebody in the same organization, by default without rights of their own. */
export async function aColleague(backend: Backend, of: Person, wish: object = {}): Promise<Person> {
  const username = `c${randomUUID().slice(0, 8)}`;
  const account = { username, email: `${username}@example.test`, password: of.password };
  const body = { ...account, first_name: 'Co', last_name: 'League', ...wish };
  const answer = await backend.request('POST', '/api/users', { token: of.adminToken, body });
  const { user } = users.create.answer[201].parse(answer.body);
  const { token } = await backend.signIn(account);
  return { ...of, userId: user.id, username, email: account.email, token };
}

/** Somebody above all organizations, acting in the platform's own. */
export async function aSuperAdmin(backend: Backend): Promise<Person> {
  const username = `s${randomUUID().slice(0, 8)}`;
  const password = randomUUID();
  const email = `${username}@example.test`;
  const hashed = await createPasswords({ atOnce: 1, waiting: 1 }, randomUUID()).hash({ email, password });
  if (!hashed.ok) throw new Error(hashed.code);
  const parts = { store: backend.store, now: () => Date.now(), newObjectId };
  const made = await makeSuperAdmin(parts, { email, username, passwordHash: hashed.hash });
  if (!made.ok) throw new Error(made.code);
  const { token } = await backend.signIn({ email, password });
  return {
    token,
    adminToken: token,
    userId: made.userId,
    username,
    email,
    organizationId: PLATFORM.id,
    tenantId: PLATFORM.slug,
    password,
  };
}

/** The same super admin with a token that selects an organization. */
export async function actingIn(backend: Backend, superAdmin: Person, tenantId: string): Promise<Person> {
  const body = { tenant_id: tenantId };
  const answer = await backend.request('POST', '/api/auth/select-tenant', { token: superAdmin.token, body });
  return { ...superAdmin, tenantId, token: signedIn.parse(answer.body).token };
}

export interface NewMachine {
  readonly agentId: string;
  readonly registrationToken: string;
}
export async function aMachine(
  backend: Pick<Backend, 'request'>,
  owner: Pick<Person, 'token'>,
  wish: object = {},
): Promise<NewMachine> {
  const body = { name: `machine-${randomUUID().slice(0, 8)}`, ...wish };
  const answer = await backend.request('POST', '/api/machines', { token: owner.token, body });
  const { machine } = machines.create.answer[201].parse(answer.body);
  return { agentId: machine.agent_id, registrationToken: machine.registration_token };
}

/** A machine whose agent has joined and is not connected yet. */
export async function aJoinedMachine(
  backend: Backend,
  owner: Pick<Person, 'token'>,
  wish: object = {},
): Promise<ScriptedAgent> {
  return joinScripted(backend, (await aMachine(backend, owner, wish)).registrationToken);
}

/** By an admin of the organization. */
export async function grant(backend: Backend, to: Person, agentId: string, wish: object = {}): Promise<void> {
  const body = { user_id: to.userId, ...wish };
  const path = `/api/machines/${agentId}/access/grant`;
  const answer = await backend.request('POST', path, { token: to.adminToken, body });
  if (answer.status !== 200) throw new Error(`not granted: ${JSON.stringify(answer.body)}`);
}

export async function revoke(backend: Backend, from: Person, agentId: string): Promise<void> {
  const body = { user_id: from.userId };
  const path = `/api/machines/${agentId}/access/revoke`;
  const answer = await backend.request('POST', path, { token: from.adminToken, body });
  if (answer.status !== 200) throw new Error(`not revoked: ${JSON.stringify(answer.body)}`);
}

export interface AuditLine {
  readonly action: string;
  readonly resource: string | null;
  readonly status: string;
  readonly username: string | null;
  readonly detail: unknown;
}
/** The organization's audit, oldest first. */
export async function audit(backend: Backend, of: Pick<Person, 'organizationId'>): Promise<AuditLine[]> {
  const rows = await backend.store
    .organization(of.organizationId)
    .read.selectFrom('audit_entries')
    .select(['action', 'resource', 'status', 'username', 'detail'])
    .orderBy('seq')
    .execute();
  return rows.map((row) => ({ ...row, detail: z.unknown().parse(JSON.parse(row.detail)) }));
}

/** The same of an organization by its `tenant_id`. */
export async function auditOf(backend: Backend, slug: string): Promise<AuditLine[]> {
  const { id } = await backend.store.platform.read
    .selectFrom('organizations')
    .select('id')
    .where('slug', '=', slug)
    .executeTakeFirstOrThrow();
  return audit(backend, { organizationId: id });
}

async function organizationOf(backend: Backend, userId: string): Promise<string> {
  const { organization_id: id } = await backend.store.platform.read
    .selectFrom('users')
    .select('organization_id')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  return id;
}
