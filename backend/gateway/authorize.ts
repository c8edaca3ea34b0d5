/** Who may call what: every rule of `access`, in one place. What is not allowed here is refused. */
import { z } from 'zod';
import type { ErrorCode } from '../../protocol/api/errors.ts';
import type { Access, Row } from '../../protocol/api/row.ts';
import { agentId, eitherMachineId, objectId, sessionId } from '../../protocol/api/values.ts';
import { machineAccess } from '../store/machine-access.ts';
import type { IssueReader, MachineUser, Member, SessionViewer } from './caller.ts';

/** The rows that want somebody signed in. */
export type MemberAccess = Exclude<Access, 'public' | 'agent' | 'anybody'>;
export type Authorized =
  | { readonly ok: true; readonly caller: Member | MachineUser | SessionViewer | IssueReader }
  | { readonly ok: false; readonly code: Extract<ErrorCode, 'not-found' | 'role-too-low'> };

const NOT_FOUND: Authorized = { ok: false, code: 'not-found' };
const TOO_LOW: Authorized = { ok: false, code: 'role-too-low' };

/** Null: the row asks for nobody who is signed in. */
export function memberAccess({ access }: Row): MemberAccess | null {
  return access === 'public' || access === 'agent' || access === 'anybody' ? null : access;
}

/** Whether it has to be known who calls: where the row asks for somebody, and where anybody who says so is believed only then. */
export function wantsMember(row: Row, saysWho: boolean): boolean {
  return memberAccess(row) !== null || (row.access === 'anybody' && saysWho);
}

/** `params`: those of the path, parsed. */
export async function authorize(access: MemberAccess, member: Member, params: unknown): Promise<Authorized> {
  switch (access) {
    case 'signed-in':
      return { ok: true, caller: member };
    case 'self-or-admin':
      return isAdmin(member) || userInPath.parse(params).id === member.account.id
        ? { ok: true, caller: member }
        : TOO_LOW;
    case 'admin':
      return isAdmin(member) ? { ok: true, caller: member } : TOO_LOW;
    case 'super-admin':
      return member.account.role === 'super_admin' ? { ok: true, caller: member } : TOO_LOW;
    case 'machine-granted':
    case 'machine-owner':
      return machineUser(access, member, machineInPath.parse(params));
    case 'session-visible':
      return sessionViewer(member, sessionInPath.parse(params).session_id);
    case 'issue-visible':
    case 'issue-author':
      return issueReader(access, member, issueInPath.parse(params).id);
  }
}

const userInPath = z.object({ id: objectId });
const machineInPath = z.union([z.object({ agent_id: agentId }), z.object({ machine_id: eitherMachineId })]);
const issueInPath = z.object({ id: objectId });
const sessionInPath = z.object({ session_id: sessionId });

function isAdmin({ account }: Member): boolean {
  return account.role !== 'user';
}

/** A granted machine is used, an own one is managed. */
async function machineUser(
  access: 'machine-granted' | 'machine-owner',
  member: Member,
  named: z.infer<typeof machineInPath>,
): Promise<Authorized> {
  const known = await machineAccess(member.read, member.account, named);
  if (!known) return NOT_FOUND;
  const { owns, ...machine } = known;
  if (access === 'machine-owner' && !owns) return TOO_LOW;
  return { ok: true, caller: { ...member, machine } };
}

/** `member.read` shows its own sessions and those on machines it owns; all of them to an admin. */
async function sessionViewer(member: Member, id: string): Promise<Authorized> {
  const session = await member.read
    .selectFrom('sessions')
    .select(['id', 'agent_id as agentId', 'user_id as userId'])
    .where('id', '=', id)
    .executeTakeFirst();
  return session ? { ok: true, caller: { ...member, session } } : NOT_FOUND;
}

/** Issues are the whole organization's; its author and admins change one. */
async function issueReader(access: 'issue-visible' | 'issue-author', member: Member, id: string): Promise<Authorized> {
  const issue = await member.read
    .selectFrom('issues')
    .select(['id', 'title', 'author_id as authorId'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!issue) return NOT_FOUND;
  const mayChange = isAdmin(member) || issue.authorId === member.account.id;
  return access === 'issue-visible' || mayChange ? { ok: true, caller: { ...member, issue } } : TOO_LOW;
}
