/** The sessions of one machine as the store has them: begun by a person's wish, ended once, compared with what its agent says. */
import type { Session } from '../../../protocol/api/terminals.ts';
import type { EndReason, HelloSession } from '../../../protocol/wire/control.ts';
import type { MachineUser } from '../../gateway/caller.ts';
import { serviceActor } from '../../store/audit.ts';
import type { OrganizationStore, Refused, Writes, Written } from '../../store/store.ts';
import type { TenantTables } from '../../store/tables.ts';
import { clientSoftware } from '../client-software.ts';
import { endSession } from '../session-end.ts';
import type { SessionRow } from '../session-shape.ts';
import type { Reported } from './broker.ts';

export interface Wish {
  readonly sessionId: string;
  /** The client's own name for this wish: repeated, it is the same session. */
  readonly openId: string;
  readonly source: Session['source'];
  readonly cols: number;
  readonly rows: number;
}
export interface Ended {
  readonly reason: EndReason;
  readonly exitCode: number | null;
  /** Null: nobody saw its output since the service started. */
  readonly bytesOut: number | null;
  readonly at: Date;
}

/** Refused when this user has as many as may be. */
export async function hasRoom(caller: MachineUser, maxSessions: number): Promise<boolean> {
  return (await openSessions(caller.organization.read, caller.account.id)) < maxSessions;
}

/** The session that an earlier, same wish made. */
export async function wishedBefore(caller: MachineUser, openId: string): Promise<SessionRow | undefined> {
  return caller.organization.read
    .selectFrom('sessions')
    .selectAll()
    .where('agent_id', '=', caller.machine.agentId)
    .where('user_id', '=', caller.account.id)
    .where('open_id', '=', openId)
    .executeTakeFirst();
}

/**
 * Stores the session before its shell is asked for: a service that dies in between does not open it twice.
 * `name-taken`: the same wish came in twice at once, and the other was first.
 */
export async function storeSession(
  caller: MachineUser,
  wish: Wish,
  { at, maxSessions }: { readonly at: Date; readonly maxSessions: number },
): Promise<Written<void>> {
  const { account, machine } = caller;
  return caller.write(async (tx) => {
    if ((await openSessions(tx, account.id)) >= maxSessions) return TOO_MANY;
    const inserted = await tx
      .insertInto('sessions')
      .values({ ...rowOf(caller, wish), started_at: at.toISOString() })
      .onConflict((on) => on.doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 0n) return { refuse: { code: 'name-taken' } };
    const detail = { session_id: wish.sessionId, machine_role: machine.machineRole };
    return { value: undefined, audit: { action: 'machine_access', resource: machine.agentId, detail } };
  });
}

function rowOf({ account, machine, userAgent, address }: MachineUser, wish: Wish) {
  return {
    id: wish.sessionId,
    machine_id: machine.id,
    agent_id: machine.agentId,
    machine_name: machine.name,
    user_id: account.id,
    username: account.username,
    open_id: wish.openId,
    source: wish.source,
    ...clientSoftware(userAgent),
    ip_address: address,
    machine_role: machine.machineRole,
    cols: wish.cols,
    rows: wish.rows,
    bytes_out: 0,
  };
}

const TOO_MANY: Refused = { refuse: { code: 'too-many-sessions' } };

async function openSessions(from: Pick<Writes<TenantTables>, 'selectFrom'>, userId: string): Promise<number> {
  const { count } = await from
    .selectFrom('sessions')
    .select((all) => all.fn.countAll().as('count'))
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** No shell came of it: the same wish may be tried again. */
export async function forgetSession(
  organization: OrganizationStore,
  sessionId: string,
  why: { readonly agentId: string; readonly code: string },
): Promise<void> {
  await organization.write(serviceActor, async (tx) => {
    await tx.deleteFrom('sessions').where('id', '=', sessionId).execute();
    const detail = { session_id: sessionId, code: why.code };
    return {
      value: undefined,
      audit: { action: 'machine_access', resource: why.agentId, status: 'failure', detail },
    };
  });
}

/** The first end of a session stands; what is known of its output is kept in any case. */
export async function storeEnd(organization: OrganizationStore, sessionId: string, end: Ended): Promise<void> {
  const written = await organization.write(serviceActor, async (tx) => {
    if (!(await endSession(tx, sessionId, end))) return { refuse: { code: 'not-found' } };
    const detail = { reason: end.reason, exit_code: end.exitCode, bytes_out: end.bytesOut };
    await storeOutput(tx, sessionId, end);
    return { value: undefined, audit: { action: 'session_ended', resource: sessionId, detail } };
  });
  if ('refuse' in written) await organization.upkeep(async (tx) => storeOutput(tx, sessionId, end));
}

async function storeOutput(tx: Writes<TenantTables>, sessionId: string, { bytesOut }: Ended): Promise<void> {
  if (bytesOut === null) return;
  await tx.updateTable('sessions').set({ bytes_out: bytesOut }).where('id', '=', sessionId).execute();
}

/** What the store says of each session an agent reports, and which of its sessions the agent does not know any more. */
export interface Comparison {
  readonly reported: readonly Omit<Reported, 'recorded'>[];
  readonly gone: readonly string[];
}

export async function compare(
  organization: OrganizationStore,
  agentId: string,
  hello: readonly HelloSession[],
): Promise<Comparison> {
  const ids = hello.map((session) => session.session_id);
  const rows = await organization.read
    .selectFrom('sessions')
    .select(['id', 'ended_at', 'end_reason'])
    .where('agent_id', '=', agentId)
    .where((is) => is.or([is('ended_at', 'is', null), ...(ids.length > 0 ? [is('id', 'in', ids)] : [])]))
    .execute();
  const stored = new Map(rows.map((row) => [row.id, row]));
  const said = new Set(ids);
  return {
    reported: hello.map((session) => ({ session, verdict: verdictOn(session, stored.get(session.session_id)) })),
    gone: rows.filter((row) => row.ended_at === null && !said.has(row.id)).map((row) => row.id),
  };
}

function verdictOn(
  session: HelloSession,
  row: Pick<SessionRow, 'ended_at' | 'end_reason'> | undefined,
): Reported['verdict'] {
  if (!row) return 'closed';
  if (row.ended_at === null) return 'keep';
  // It ended by itself and its client may not have seen the last of it yet.
  if (row.end_reason === 'exited' && session.exited) return 'keep';
  return row.end_reason ?? 'closed';
}
