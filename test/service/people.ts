/** People and machines of a backend under test, made the way they come to be. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { machines } from '../../protocol/api/machines.ts';
import type { Backend } from './backend.ts';
import { joinScripted, type ScriptedAgent } from './scripted-agent.ts';
import { newObjectId } from './store.ts';

export interface Person {
  readonly token: string;
  readonly userId: string;
  readonly username: string;
  readonly organizationId: string;
  readonly password: string;
}

/** The admin of a new organization. */
export async function anAdmin(backend: Backend): Promise<Person> {
  const account = await backend.signUp();
  const { token, user } = await backend.signIn(account);
  return {
    token,
    userId: user.id,
    username: user.username,
    organizationId: await organizationOf(backend, user.id),
    password: account.password,
  };
}

/** Somebody without rights of their own in the same organization. */
export async function aColleague(backend: Backend, of: Person): Promise<Person> {
  const organization = backend.store.organization(of.organizationId);
  const colleague = { userId: newObjectId(), username: `c${randomUUID().slice(0, 8)}` };
  const email = `${colleague.username}@example.test`;
  const admin = await organization.read
    .selectFrom('users')
    .selectAll()
    .where('id', '=', of.userId)
    .executeTakeFirstOrThrow();
  const { organization_id: _, ...copied } = admin; // with the same password
  const row = {
    ...copied,
    id: colleague.userId,
    username: colleague.username,
    username_key: colleague.username,
    email,
    role: 'user' as const,
    machine_role: 'non-sudo' as const,
    api_key_hash: null,
    api_key_last4: null,
  };
  await organization.upkeep((tx) => tx.insertInto('users').values(row).execute());
  const { token } = await backend.signIn({ email, password: of.password });
  return { ...of, ...colleague, token };
}

export interface NewMachine {
  readonly agentId: string;
  readonly registrationToken: string;
}
export async function aMachine(backend: Backend, owner: Person, wish: object = {}): Promise<NewMachine> {
  const body = { name: `machine-${randomUUID().slice(0, 8)}`, ...wish };
  const answer = await backend.request('POST', '/api/machines', { token: owner.token, body });
  const { machine } = machines.create.answer[201].parse(answer.body);
  return { agentId: machine.agent_id, registrationToken: machine.registration_token };
}

/** A machine whose agent has joined and is not connected yet. */
export async function aJoinedMachine(backend: Backend, owner: Person, wish: object = {}): Promise<ScriptedAgent> {
  return joinScripted(backend, (await aMachine(backend, owner, wish)).registrationToken);
}

/** As an admin would grant it. */
export async function grant(backend: Backend, to: Person, agentId: string): Promise<void> {
  const organization = backend.store.organization(to.organizationId);
  const { id } = await organization.read
    .selectFrom('machines')
    .select('id')
    .where('agent_id', '=', agentId)
    .executeTakeFirstOrThrow();
  const row = {
    machine_id: id,
    user_id: to.userId,
    machine_role: 'non-sudo' as const,
    granted_by: to.userId,
    created_at: new Date().toISOString(),
  };
  await organization.upkeep((tx) => tx.insertInto('machine_grants').values(row).execute());
  backend.bus.publish('access.changed', { organizationId: to.organizationId, agentId, userId: to.userId });
}

export async function revoke(backend: Backend, from: Person, agentId: string): Promise<void> {
  const organization = backend.store.organization(from.organizationId);
  await organization.upkeep((tx) => tx.deleteFrom('machine_grants').where('user_id', '=', from.userId).execute());
  backend.bus.publish('access.changed', { organizationId: from.organizationId, agentId, userId: from.userId });
}

export interface AuditLine {
  readonly action: string;
  readonly resource: string | null;
  readonly status: string;
  readonly username: string | null;
  readonly detail: unknown;
}
/** The organization's audit, oldest first. */
export async function audit(backend: Backend, of: Person): Promise<AuditLine[]> {
  const rows = await backend.store
    .organization(of.organizationId)
    .read.selectFrom('audit_entries')
    .select(['action', 'resource', 'status', 'username', 'detail'])
    .orderBy('seq')
    .execute();
  return rows.map((row) => ({ ...row, detail: z.unknown().parse(JSON.parse(row.detail)) }));
}

async function organizationOf(backend: Backend, userId: string): Promise<string> {
  const { organization_id: id } = await backend.store.platform.read
    .selectFrom('users')
    .select('organization_id')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  return id;
}
