/** Sessions, seen and ended from outside of them. */
import type { terminals } from '../../protocol/api/terminals.ts';
import type { Bus } from '../bus/bus.ts';
import type { GroupHandlers } from '../gateway/handlers.ts';
import { prepared } from '../store/prepared.ts';
import type { Reads } from '../store/store.ts';
import type { TenantTables } from '../store/tables.ts';
import { logsOfSession } from './commands/command-logs.ts';
import { endSession } from './session-end.ts';
import { sessionShape, type LiveSessions } from './session-shape.ts';

interface Parts {
  readonly bus: Pick<Bus, 'publish'>;
  readonly live: LiveSessions;
  readonly now: () => number;
}
type Names = 'list' | 'ofMachine' | 'activeOfMachine' | 'get' | 'close';
/** Without paging the list is as long as this at most. */
const MOST_LISTED = 5000;

export function sessionsHandlers(parts: Parts): Pick<GroupHandlers<typeof terminals>, Names> {
  return {
    async list(_input, { read }) {
      const rows = await askLive(read, {});
      return { status: 200, body: { sessions: rows.map((row) => sessionShape(row, parts.live)) } };
    },

    async ofMachine({ query: { page, limit } }, { read, machine }) {
      const isPaged = page !== undefined || limit !== undefined;
      const most = limit ?? (isPaged ? 200 : MOST_LISTED);
      const rows = await newest(read)
        .where('agent_id', '=', machine.agentId)
        .limit(most)
        .offset(((page ?? 1) - 1) * most)
        .execute();
      const sessions = rows.map((row) => sessionShape(row, parts.live));
      return { status: 200, body: { sessions, ...(isPaged && { total: await count(read, machine.agentId) }) } };
    },

    async activeOfMachine(_input, { read, machine }) {
      const rows = await newest(read).where('agent_id', '=', machine.agentId).where('ended_at', 'is', null).execute();
      return { status: 200, body: { sessions: rows.map((row) => sessionShape(row, parts.live)) } };
    },

    async get(_input, { read, session }) {
      const row = await read.selectFrom('sessions').selectAll().where('id', '=', session.id).executeTakeFirst();
      if (!row) return { refuse: { code: 'not-found' } };
      const logs = await logsOfSession(read, row.id);
      return { status: 200, body: { session: sessionShape(row, parts.live), logs } };
    },

    async close(_input, caller) {
      const { id, agentId, userId } = caller.session;
      const at = new Date(parts.now());
      const written = await caller.write(async (tx) => {
        if (!(await endSession(tx, id, { reason: 'terminated', at }))) return { refuse: { code: 'not-found' } };
        const detail = { agent_id: agentId, of_user: userId };
        return { value: undefined, audit: { action: 'session_terminated', resource: id, detail } };
      });
      if ('refuse' in written) return written;
      const { organizationId } = caller.account;
      parts.bus.publish('session.ended', { organizationId, sessionId: id, agentId, reason: 'terminated' });
      parts.bus.publish('session.changed', { organizationId, sessionId: id, agentId });
      return { status: 200, body: { message: 'Session closed' } };
    },
  };
}

function newest(read: Reads<TenantTables>) {
  return read.selectFrom('sessions').selectAll().orderBy('started_at', 'desc').orderBy('id');
}

const askLive = prepared((read: Reads<TenantTables>) => newest(read).where('ended_at', 'is', null));

async function count(read: Reads<TenantTables>, agentId: string): Promise<number> {
  const counted = await read
    .selectFrom('sessions')
    .select((all) => all.fn.countAll().as('count'))
    .where('agent_id', '=', agentId)
    .executeTakeFirstOrThrow();
  return Number(counted.count);
}
