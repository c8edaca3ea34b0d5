/** The sessions that run: seen and ended from outside of them. */
import type { terminals } from '../../protocol/api/terminals.ts';
import type { Bus } from '../bus/bus.ts';
import type { GroupHandlers } from '../gateway/handlers.ts';
import { endSession } from './session-end.ts';
import { sessionShape, type LiveSessions } from './session-shape.ts';

interface Parts {
  readonly bus: Pick<Bus, 'publish'>;
  readonly live: LiveSessions;
  readonly now: () => number;
}

export function sessionsHandlers(parts: Parts): Pick<GroupHandlers<typeof terminals>, 'list' | 'close'> {
  return {
    async list(_input, caller) {
      const rows = await caller.read
        .selectFrom('sessions')
        .selectAll()
        .where('ended_at', 'is', null)
        .orderBy('started_at', 'desc')
        .orderBy('id')
        .execute();
      return { status: 200, body: { sessions: rows.map((row) => sessionShape(row, parts.live)) } };
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
