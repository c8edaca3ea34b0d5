/** What has to end when a right does: the bus says what was decided, here it is carried out on what is connected. */
import type { Bus, Message } from '../../bus/bus.ts';
import { serviceActor } from '../../store/audit.ts';
import type { OrganizationStore, Store } from '../../store/store.ts';
import type { BackgroundWrites } from '../background-writes.ts';
import type { Presence } from '../presence.ts';
import { endSession } from '../session-end.ts';
import type { Goodbye } from './admission.ts';
import type { Attendance } from './attendance.ts';
import type { Hubs } from './hubs.ts';
import type { Links } from './links.ts';
import { CLOSE } from './refusals.ts';

interface Parts {
  readonly store: Pick<Store, 'organization'>;
  readonly bus: Bus;
  readonly hubs: Pick<Hubs, 'find' | 'released'>;
  readonly links: Pick<Links, 'find'>;
  readonly attendance: Pick<Attendance, 'at'>;
  readonly presence: Pick<Presence, 'forget'>;
  readonly writes: BackgroundWrites;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

export function carryOutRevocations(parts: Parts): void {
  const { bus, hubs, links, attendance, presence, signal } = parts;
  bus.subscribe(
    'session.ended',
    ({ agentId, sessionId, reason }) => {
      hubs.find(agentId)?.end(sessionId, reason);
      hubs.released(agentId);
    },
    signal,
  );
  bus.subscribe(
    'machine.deleted',
    (machine) => {
      links.find(machine.agentId)?.close(REVOKED);
      presence.forget(machine);
      for (const attendant of attendance.at(machine.agentId)) attendant.close(CLOSE.forbidden, 'machine-deleted');
    },
    signal,
  );
  bus.subscribe('machine.rekeyed', ({ agentId }) => links.find(agentId)?.close(REVOKED), signal);
  bus.subscribe('access.changed', (change) => parts.writes.add(accessChanged(parts, change)), signal);
  bus.subscribe(
    'user.disabled',
    ({ organizationId, userId }) => parts.writes.add(endSessionsOf(parts, organizationId, { userId })),
    signal,
  );
}

const REVOKED: Goodbye = {
  type: 'goodbye',
  reason: 'revoked',
  message: 'This machine was removed from its organization, or its agent was registered anew.',
};

async function accessChanged(
  parts: Parts,
  { organizationId, agentId, userId }: Message<'access.changed'>,
): Promise<void> {
  const attendants = parts.attendance.at(agentId, userId);
  if (await maySee(parts.store.organization(organizationId), agentId, userId)) {
    for (const attendant of attendants) attendant.close(CLOSE.again, 'rights-changed');
    return;
  }
  await endSessionsOf(parts, organizationId, { agentId, userId });
  for (const attendant of attendants) attendant.close(CLOSE.forbidden, 'access-revoked');
}

async function maySee(organization: OrganizationStore, agentId: string, userId: string): Promise<boolean> {
  const user = await organization.read
    .selectFrom('users')
    .select('role')
    .where('id', '=', userId)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  if (!user) return false;
  const machine = await organization
    .seenBy({ userId, role: user.role })
    .read.selectFrom('machines')
    .select('id')
    .where('agent_id', '=', agentId)
    .executeTakeFirst();
  return machine !== undefined;
}

/** Of one user, on one machine or on all. An agent that is away is told at its next hello. */
async function endSessionsOf(
  parts: Parts,
  organizationId: string,
  of: { readonly userId: string; readonly agentId?: string },
): Promise<void> {
  const organization = parts.store.organization(organizationId);
  let query = organization.read
    .selectFrom('sessions')
    .select(['id', 'agent_id'])
    .where('user_id', '=', of.userId)
    .where('ended_at', 'is', null);
  if (of.agentId !== undefined) query = query.where('agent_id', '=', of.agentId);
  const end = { reason: 'revoked' as const, at: new Date(parts.now()) };
  for (const { id, agent_id: agentId } of await query.execute()) {
    await organization.write(serviceActor, async (tx) => {
      if (!(await endSession(tx, id, end))) return { refuse: { code: 'not-found' } };
      return { value: undefined, audit: { action: 'session_ended', resource: id, detail: { reason: end.reason } } };
    });
    parts.bus.publish('session.ended', { organizationId, sessionId: id, agentId, reason: end.reason });
  }
}
