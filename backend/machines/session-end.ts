/** The end of a session in the store: once, with its reason. What runs on the machine is told after the commit. */
import type { EndReason } from '../../protocol/wire/control.ts';
import type { Writes } from '../store/store.ts';
import type { TenantTables } from '../store/tables.ts';

export interface SessionEnd {
  readonly reason: EndReason;
  readonly at: Date;
  readonly exitCode?: number | null;
}

/** False when it is over already: the first reason stands. */
export async function endSession(tx: Writes<TenantTables>, sessionId: string, end: SessionEnd): Promise<boolean> {
  const ended = await tx
    .updateTable('sessions')
    .set(columns(end))
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return ended.numUpdatedRows > 0n;
}

/** Gives the ids of those that it ended. */
export async function endSessionsOfMachine(
  tx: Writes<TenantTables>,
  agentId: string,
  end: SessionEnd,
): Promise<readonly string[]> {
  const live = await tx
    .selectFrom('sessions')
    .select('id')
    .where('agent_id', '=', agentId)
    .where('ended_at', 'is', null)
    .execute();
  await tx
    .updateTable('sessions')
    .set(columns(end))
    .where('agent_id', '=', agentId)
    .where('ended_at', 'is', null)
    .execute();
  return live.map((session) => session.id);
}

function columns({ reason, at, exitCode }: SessionEnd) {
  return { end_reason: reason, ended_at: at.toISOString(), exit_code: exitCode ?? null };
}
