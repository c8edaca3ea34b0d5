/** Recordings in the store: which there are, what became of each, and which were left without a verdict. */
import { serviceActor } from '../../store/audit.ts';
import type { OrganizationStore, Writes } from '../../store/store.ts';
import type { TenantTables } from '../../store/tables.ts';
import { sayGap, type Gap, type GapReason } from './gap.ts';

/** What the store says of a session that its agent still has, or that left a recording without a verdict. */
export interface Recordable {
  readonly sessionId: string;
  readonly agentId: string;
  readonly startedAt: number;
  readonly cols: number;
  readonly rows: number;
  readonly isEnded: boolean;
  readonly recording: 'none' | 'open' | 'over';
}

export interface Outcome {
  readonly bytes: number;
  readonly gaps: readonly Gap[];
  readonly at: Date;
}

/** Of these sessions; or, with `unfinished`, those of the agent whose recordings lack their end. */
export async function recordables(
  { read }: Pick<OrganizationStore, 'read'>,
  of: { readonly sessionIds: readonly string[] } | { readonly unfinished: true; readonly agentId?: string },
): Promise<readonly Recordable[]> {
  let query = read
    .selectFrom('sessions')
    .leftJoin('recordings', 'recordings.session_id', 'sessions.id')
    .select(['sessions.id', 'agent_id', 'sessions.started_at', 'cols', 'rows', 'sessions.ended_at'])
    .select(['recordings.session_id', 'recordings.verdict', 'recordings.started_at as recorded_since']);
  if ('sessionIds' in of) {
    if (of.sessionIds.length === 0) return [];
    query = query.where('sessions.id', 'in', of.sessionIds);
  } else {
    query = query
      .where('sessions.ended_at', 'is not', null)
      .where('recordings.session_id', 'is not', null)
      .where('recordings.verdict', 'is', null);
    if (of.agentId !== undefined) query = query.where('agent_id', '=', of.agentId);
  }
  const rows = await query.execute();
  return rows.map((row) => ({
    sessionId: row.id,
    agentId: row.agent_id,
    startedAt: Date.parse(row.recorded_since ?? row.started_at),
    cols: row.cols,
    rows: row.rows,
    isEnded: row.ended_at !== null,
    recording: row.session_id === null ? 'none' : row.verdict === null ? 'open' : 'over',
  }));
}

/** That there is one. */
export async function storeBegin(organization: OrganizationStore, sessionId: string, at: Date): Promise<void> {
  await organization.upkeep(async (tx) => {
    await tx.updateTable('sessions').set({ recorded: 1 }).where('id', '=', sessionId).execute();
    await tx
      .insertInto('recordings')
      .values({ session_id: sessionId, bytes: 0, started_at: at.toISOString(), gaps: '[]' })
      .onConflict((on) => on.doNothing())
      .execute();
  });
}

/** That nothing more is kept for now, and why: nobody is to find it out later. */
export async function noteLetGo(
  organization: OrganizationStore,
  sessionId: string,
  detail: { readonly reason: GapReason; readonly from_s: number },
): Promise<void> {
  const audit = { action: 'recording_interrupted', resource: sessionId, status: 'failure', detail } as const;
  await organization.write(serviceActor, () => Promise.resolve({ value: undefined, audit }));
}

/** The verdict, once. */
export async function storeVerdict(organization: OrganizationStore, sessionId: string, is: Outcome): Promise<void> {
  const verdict = is.gaps.length === 0 ? 'complete' : 'incomplete';
  const { bytes } = is;
  await organization.write(serviceActor, async (tx) => {
    const ended = await tx
      .updateTable('recordings')
      .set({ bytes, gaps: JSON.stringify(is.gaps), verdict, ended_at: is.at.toISOString() })
      .where('session_id', '=', sessionId)
      .where('verdict', 'is', null)
      .executeTakeFirst();
    if (ended.numUpdatedRows === 0n) return { refuse: { code: 'not-found' } };
    const detail = { verdict, bytes, missing: is.gaps.map(sayGap) };
    const status = verdict === 'complete' ? 'success' : 'failure';
    return { value: undefined, audit: { action: 'recording_ended', resource: sessionId, status, detail } };
  });
}

/** Before the files: what the store does not name is not served. Gives those that there were. */
export async function forgetRecordings(
  organization: OrganizationStore,
  sessionIds: readonly string[],
): Promise<readonly string[]> {
  const written = await organization.write(serviceActor, async (tx) => {
    const gone = await removeRows(tx, sessionIds);
    if (gone.length === 0) return { refuse: { code: 'not-found' } };
    return { value: gone, audit: { action: 'recordings_removed', detail: { sessions: gone } } };
  });
  return 'refuse' in written ? [] : written.value;
}

async function removeRows(tx: Writes<TenantTables>, sessionIds: readonly string[]): Promise<readonly string[]> {
  if (sessionIds.length === 0) return [];
  const rows = await tx.selectFrom('recordings').select('session_id').where('session_id', 'in', sessionIds).execute();
  await tx.deleteFrom('recordings').where('session_id', 'in', sessionIds).execute();
  await tx.updateTable('sessions').set({ recorded: 0 }).where('id', 'in', sessionIds).execute();
  return rows.map((row) => row.session_id);
}
