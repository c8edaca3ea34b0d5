/** Two organizations and one that is disabled, everybody in them, and one of each thing that a path or a body may name. */
import { randomUUID } from 'node:crypto';
import { constant } from 'fast-check';
import { z } from 'zod';
import { createTokens } from '../../../backend/auth/tokens.ts';
import { signingSecret } from '../../../backend/data/data-folder.ts';
import { community } from '../../../protocol/api/community.ts';
import type { ErrorCode } from '../../../protocol/api/errors.ts';
import { groups } from '../../../protocol/api/groups.ts';
import { machines } from '../../../protocol/api/machines.ts';
import type { Row } from '../../../protocol/api/row.ts';
import type { Answered, Backend } from '../backend.ts';
import { imageForm } from '../images.ts';
import { aColleague, aMachine, aSuperAdmin, anAdmin, grant, type Person } from '../people.ts';
import type { Named } from './valid-input.ts';

/** Somebody nothing lets in. */
interface Outsider {
  readonly name: string;
  readonly token: string | null;
  readonly refused: ErrorCode;
}
/** Somebody signed in. `isHere`: in the organization whose things are named. */
export interface Insider {
  readonly name: string;
  readonly token: string;
  readonly role: 'super_admin' | 'company_admin' | 'user';
  readonly isHere: boolean;
  /** To the machine that is named: its owner, granted it, or nothing to it. */
  readonly is: 'admin' | 'owner' | 'granted' | 'stranger';
}
export type Caller = Outsider | Insider;

export interface World {
  readonly callers: readonly Caller[];
  /** For the parameters of its path. */
  idsIn(row: Row): Readonly<Record<string, string>>;
  /** For the fields of a body. */
  readonly named: Named;
}

export async function makeWorld(backend: Backend): Promise<World> {
  const admin = await anAdmin(backend);
  const [owner, granted, stranger] = [
    await aColleague(backend, admin),
    await aColleague(backend, admin),
    await aColleague(backend, admin),
  ];
  const elsewhere = await anAdmin(backend);
  const superAdmin = await aSuperAdmin(backend);
  const things = await makeThings(backend, { admin, owner, granted });
  const user = { role: 'user', isHere: true } as const;
  const callers: Caller[] = [
    { name: 'an admin', token: admin.token, role: 'company_admin', isHere: true, is: 'admin' },
    { name: 'the owner', token: owner.token, ...user, is: 'owner' },
    { name: 'somebody granted', token: granted.token, ...user, is: 'granted' },
    { name: 'somebody not granted', token: stranger.token, ...user, is: 'stranger' },
    {
      name: 'an admin of another organization',
      token: elsewhere.token,
      role: 'company_admin',
      isHere: false,
      is: 'stranger',
    },
    {
      name: 'somebody of another organization',
      token: (await aColleague(backend, elsewhere)).token,
      role: 'user',
      isHere: false,
      is: 'stranger',
    },
    { name: 'a super admin elsewhere', token: superAdmin.token, role: 'super_admin', isHere: false, is: 'stranger' },
    ...(await makeOutsiders(backend, { admin, superAdmin })),
  ];
  return {
    callers,
    idsIn: ({ path }) => ({ ...things.ids, id: things.idBelow(path) }),
    named: {
      user_id: constant(granted.userId),
      machine_id: constant(things.ids.machine_id),
      machine_ids: constant([things.ids.agent_id]),
      tenant_id: constant(admin.tenantId),
    },
  };
}

async function makeOutsiders(
  backend: Backend,
  { admin, superAdmin }: { readonly admin: Person; readonly superAdmin: Person },
): Promise<readonly Outsider[]> {
  const leaver = await aColleague(backend, admin);
  await done(backend.request('PUT', `/api/users/${leaver.userId}`, { token: admin.token, body: { enabled: false } }));
  const closed = await anAdmin(backend);
  await done(
    backend.request('PUT', `/api/admin/organizations/${closed.organizationId}`, {
      token: superAdmin.token,
      body: { enabled: false },
    }),
  );
  const signedOut = await aColleague(backend, admin);
  await done(backend.request('POST', '/api/auth/logout', { token: signedOut.token }));
  return [
    { name: 'nobody', token: null, refused: 'not-signed-in' },
    { name: 'garbage', token: `${admin.token.slice(0, -6)}AAAAAA`, refused: 'token-invalid' },
    { name: 'an expired token', token: await expired(backend, admin), refused: 'token-expired' },
    { name: 'somebody signed out', token: signedOut.token, refused: 'token-revoked' },
    { name: 'somebody disabled', token: leaver.token, refused: 'account-disabled' },
    { name: 'somebody of a disabled organization', token: closed.token, refused: 'organization-disabled' },
  ];
}

async function expired(backend: Backend, { token }: Person): Promise<string> {
  const secret = signingSecret(backend.dataFolder);
  if (!secret.ok) throw new Error(secret.code);
  const parts = { secret: secret.value, lifetimeS: 3600, newUuid: () => randomUUID() };
  const checked = await createTokens({ ...parts, now: () => Date.now() }).check(token);
  if (!checked.ok) throw new Error(checked.code);
  const { jti: _jti, iat: _iat, exp: _exp, ...person } = checked.claims;
  return createTokens({ ...parts, now: () => Date.now() - 2 * 3_600_000 }).sign(person);
}

type People = Readonly<Record<'admin' | 'owner' | 'granted', Person>>;
interface Things {
  readonly ids: Readonly<Record<'agent_id' | 'machine_id' | 'session_id' | 'command_id' | 'fix_id', string>>;
  /** Of what `:id` names in this address. */
  idBelow(path: string): string;
}

async function makeThings(backend: Backend, { admin, owner, granted }: People): Promise<Things> {
  const { agentId } = await aMachine(backend, owner);
  await grant(backend, granted, agentId);
  const got = await done(backend.request('GET', `/api/machines/${agentId}`, { token: owner.token }));
  const { machine } = machines.get.answer[200].parse(got);
  const group = await made(backend, admin, '/api/groups', { name: 'Pilots', description: '' });
  const issue = await made(backend, owner, '/api/community/issues', { title: 'It hums', description: 'All night.' });
  const issueId = community.createIssue.answer[201].parse(issue).issue.id;
  const fix = await made(backend, owner, `/api/community/issues/${issueId}/fixes`, { content: 'Turn it off.' });
  const below: Readonly<Record<string, string>> = {
    users: granted.userId,
    groups: groups.create.answer[201].parse(group).group.id,
    issues: issueId,
    uploads: await anUpload(backend, owner),
    organizations: admin.organizationId,
  };
  return {
    ids: {
      agent_id: agentId,
      machine_id: machine.id,
      fix_id: community.createFix.answer[201].parse(fix).fix.fix_id,
      ...(await pastWork(backend, owner, { agentId, machineId: machine.id })),
    },
    idBelow(path) {
      const [, kind] = /([a-z]+)\/:id/.exec(path) ?? [];
      return below[kind ?? ''] ?? '';
    },
  };
}

/** A session of the owner, and a command it ran. */
async function pastWork(
  backend: Backend,
  owner: Person,
  { agentId, machineId }: { readonly agentId: string; readonly machineId: string },
): Promise<{ readonly session_id: string; readonly command_id: string }> {
  const ids = { session_id: randomUUID(), command_id: randomUUID() };
  const at = new Date().toISOString();
  const common = { machine_id: machineId, agent_id: agentId, user_id: owner.userId, username: owner.username };
  await backend.store.organization(owner.organizationId).upkeep(async (tx) => {
    const session = {
      ...common,
      id: ids.session_id,
      machine_name: 'm',
      open_id: 'o',
      source: 'ui' as const,
      machine_role: 'sudo' as const,
    };
    await tx
      .insertInto('sessions')
      .values({ ...session, cols: 80, rows: 24, bytes_out: 0, started_at: at })
      .execute();
    const command = {
      ...common,
      id: ids.command_id,
      log_id: 'l',
      command: 'true',
      timeout_s: 60,
      state: 'sent' as const,
    };
    await tx
      .insertInto('commands')
      .values({ ...command, truncated: 0, created_at: at })
      .execute();
  });
  return ids;
}

/** A dot, transparent. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
async function anUpload(backend: Backend, owner: Person): Promise<string> {
  const answer = await fetch(`${backend.url}/api/community/upload`, {
    method: 'POST',
    headers: { authorization: `Bearer ${owner.token}` },
    body: imageForm(Buffer.from(PNG, 'base64')),
  });
  const { url } = z.object({ url: z.string() }).parse(await answer.json());
  return url.split('/').at(-1) ?? '';
}

async function made(backend: Backend, { token }: Person, path: string, body: unknown): Promise<unknown> {
  return done(backend.request('POST', path, { token, body }));
}

async function done(asked: Promise<Answered>): Promise<unknown> {
  const { status, body } = await asked;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}
