/** The log of what ran on machines: lines that agents report are stored once, with their audit entries, and read newest first. */
import type { Selectable } from 'kysely';
import type { CommandLog } from '../../../protocol/api/commands.ts';
import type { CommandReport } from '../../../protocol/wire/control.ts';
import type { Actor, AuditNote, OrganizationStore, Reads, Refused, Writes } from '../../store/store.ts';
import { contains } from '../../store/contains.ts';
import type { TenantTables } from '../../store/tables.ts';
import { auditedLine, searchKey, storable } from './command-line.ts';

type LogRow = Selectable<TenantTables['command_logs']>;
/** Without paging the list is as long as this at most. */
const MOST_LISTED = 5000;

/** One process of an agent. */
export interface Reporter {
  readonly agentId: string;
  readonly bootId: string;
}
/** Lines of one session. */
export interface ReportedLines {
  readonly sessionId: string;
  readonly reports: readonly CommandReport[];
}

/** In one transaction, with an audit entry each. Of a session that is not this agent's, or told before, nothing is stored. */
export async function storeReports(
  organization: OrganizationStore,
  { agentId, bootId }: Reporter,
  { sessionId, reports }: ReportedLines,
  newObjectId: () => string,
): Promise<void> {
  const session = await organization.read
    .selectFrom('sessions')
    .select(['machine_id', 'agent_id', 'machine_name', 'user_id', 'username', 'source', 'ip_address'])
    .where('id', '=', sessionId)
    .where('agent_id', '=', agentId)
    .executeTakeFirst();
  if (!session) return;
  const { ip_address: address, ...about } = session;
  const { user_id: userId, username, source } = about;
  const actor: Actor = { userId, username, address, userAgent: null, source };
  await organization.write(actor, async (tx) => {
    const notes: AuditNote[] = [];
    for (const report of reports) {
      const row = { ...about, ...rowOf(report), id: newObjectId(), session_id: sessionId, boot_id: bootId };
      if (await insertOnce(tx, row)) notes.push(noteOf(report, { agentId, sessionId }));
    }
    const [audit, ...alsoAudit] = notes;
    return audit === undefined ? KNOWN : { value: undefined, audit, alsoAudit };
  });
}

const KNOWN: Refused = { refuse: { code: 'name-taken' } };

async function insertOnce(
  tx: Writes<TenantTables>,
  row: Parameters<ReturnType<typeof tx.insertInto<'command_logs'>>['values']>[0],
): Promise<boolean> {
  const inserted = await tx
    .insertInto('command_logs')
    .values(row)
    .onConflict((on) => on.doNothing())
    .executeTakeFirst();
  return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

function rowOf(report: CommandReport) {
  const tookMs = report.ended_at === null ? null : Date.parse(report.ended_at) - Date.parse(report.started_at);
  return {
    command: storable(report.command),
    command_key: searchKey(report.command),
    cut: report.cut ? 1 : 0,
    captured: report.captured,
    exit_code: report.exit_code,
    cwd: report.cwd === null ? null : storable(report.cwd),
    started_at: new Date(report.started_at).toISOString(),
    duration_ms: tookMs === null ? null : Math.max(0, tookMs),
    seq: report.seq,
  };
}

function noteOf(report: CommandReport, { agentId, sessionId }: { agentId: string; sessionId: string }): AuditNote {
  return {
    action: 'command_executed',
    resource: agentId,
    detail: {
      command: auditedLine(report.command),
      captured: report.captured,
      exit_code: report.exit_code,
      session_id: sessionId,
      ...(report.cut === true && { cut: true }),
      ...(report.missed !== undefined && { missed: report.missed }),
    },
  };
}

export interface LogPage {
  readonly page?: number | undefined;
  readonly limit?: number | undefined;
}

export async function logsOfMachine(
  read: Reads<TenantTables>,
  agentId: string,
  { page = 1, limit = MOST_LISTED }: LogPage,
): Promise<CommandLog[]> {
  const rows = await read
    .selectFrom('command_logs')
    .selectAll()
    .where('agent_id', '=', agentId)
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .offset((page - 1) * limit)
    .execute();
  return rows.map(logShape);
}

export async function countLogs(read: Reads<TenantTables>, agentId: string): Promise<number> {
  const { count } = await read
    .selectFrom('command_logs')
    .select((all) => all.fn.countAll().as('count'))
    .where('agent_id', '=', agentId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function searchLogs(
  read: Reads<TenantTables>,
  agentId: string,
  { q, limit }: { readonly q: string; readonly limit: number },
): Promise<CommandLog[]> {
  const rows = await read
    .selectFrom('command_logs')
    .selectAll()
    .where('agent_id', '=', agentId)
    .where((is) => contains([is.ref('command_key')], searchKey(q)))
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(logShape);
}

/** In the order they ran. */
export async function logsOfSession(read: Reads<TenantTables>, sessionId: string): Promise<CommandLog[]> {
  const rows = await read
    .selectFrom('command_logs')
    .selectAll()
    .where('session_id', '=', sessionId)
    .orderBy('started_at')
    .orderBy('seq')
    .limit(MOST_LISTED)
    .execute();
  return rows.map(logShape);
}

function logShape(row: LogRow): CommandLog {
  return {
    id: row.id,
    command: row.command,
    user_id: row.user_id,
    username: row.username,
    timestamp: row.started_at,
    success: row.exit_code === null ? null : row.exit_code === 0,
    source: row.source,
    session_id: row.session_id,
    exit_code: row.exit_code,
    cwd: row.cwd,
    duration_ms: row.duration_ms,
    captured: row.captured,
    cut: row.cut === 1,
  };
}
