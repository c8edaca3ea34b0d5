/** A session's row as the contract shows it, with what only its broker knows while it lives. */
import type { Selectable } from 'kysely';
import type { Session } from '../../protocol/api/terminals.ts';
import type { TenantTables } from '../store/tables.ts';

export type SessionRow = Selectable<TenantTables['sessions']>;

/** A session as it is at this moment. */
export interface Live {
  readonly attached: boolean;
  /** Null: not told since the service started. */
  readonly size: { readonly cols: number; readonly rows: number } | null;
  readonly bytesOut: number;
}
export type LiveSessions = (agentId: string, sessionId: string) => Live | undefined;

export function sessionShape(row: SessionRow, liveSessions: LiveSessions): Session {
  const isActive = row.ended_at === null;
  const stored = { attached: false, size: null, bytesOut: row.bytes_out };
  const { attached, size, bytesOut } = (isActive ? liveSessions(row.agent_id, row.id) : undefined) ?? stored;
  const { cols, rows } = size ?? row;
  return {
    session_id: row.id,
    agent_id: row.agent_id,
    machine_name: row.machine_name,
    user_id: row.user_id,
    username: row.username,
    source: row.source,
    status: isActive ? 'active' : 'closed',
    started_at: row.started_at,
    ended_at: row.ended_at,
    browser: row.browser,
    os: row.os,
    attached,
    cols,
    rows,
    bytes_out: bytesOut,
    end_reason: row.end_reason,
    recording: row.recorded === 1,
  };
}
