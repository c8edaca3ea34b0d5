/** What has to end when a right does: the bus says what was decided, here it is carried out on what is connected. */
import type { MachineRole } from '../../../protocol/wire/control.ts';
import type { Bus, Message } from '../../bus/bus.ts';
import { serviceActor } from '../../store/audit.ts';
import { machineAccess } from '../../store/machine-access.ts';
import type { Running, Store } from '../../store/store.ts';
import type { BackgroundWrites } from '../background-writes.ts';
import type { Presence } from '../presence.ts';
import { revokeCommand } from '../commands/revoked-commands.ts';
import { endSession } from '../session-end.ts';
import type { Recorder } from '../recordings/recorder.ts';
import type { Goodbye } from './admission.ts';
import type { Attendance, Attendant } from './attendance.ts';
import { DISABLED, REVOKED } from './goodbyes.ts';
import type { Hubs } from './hubs.ts';
import type { Link, Links } from './links.ts';
import { CLOSE } from './refusals.ts';

interface Parts {
  readonly store: Pick<Store, 'directory' | 'organization'>;
  readonly bus: Bus;
  readonly hubs: Pick<Hubs, 'find' | 'released'>;
  readonly links: Pick<Links, 'find' | 'all'>;
  readonly attendance: Pick<Attendance, 'find'>;
  readonly presence: Pick<Presence, 'forget'>;
  readonly recorder: Pick<Recorder, 'settle'>;
  readonly writes: BackgroundWrites;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

export interface Revocations {
  /** What was decided between the look at somebody's rights and its coming here found nothing to end yet. */
  readonly lookAgainAt: (attendant: Pick<Attendant, 'userId' | 'agentId'>) => void;
}

export function carryOutRevocations(parts: Parts): Revocations {
  const { bus, links, attendance, presence, writes, signal } = parts;
  bus.subscribe('session.ended', (ended) => endShell(parts, ended), signal);
  bus.subscribe(
    'machine.deleted',
    (machine) => {
      links.find(machine.agentId)?.close(REVOKED);
      presence.forget(machine);
      for (const attendant of attendance.find({ agentId: machine.agentId })) {
        attendant.close(CLOSE.forbidden, 'machine-deleted');
      }
      writes.add(revokeCommandsAt(parts, machine)); // an agent that is revoked ends them by itself
    },
    signal,
  );
  bus.subscribe('machine.rekeyed', ({ agentId }) => links.find(agentId)?.close(REVOKED), signal);
  bus.subscribe('access.changed', (change) => writes.add(accessChanged(parts, change)), signal);
  bus.subscribe('role.changed', ({ userId }) => writes.add(settle(parts, { userId })), signal);
  bus.subscribe('user.disabled', ({ userId }) => writes.add(endAllOf(parts, userId)), signal);
  bus.subscribe('organization.disabled', ({ organizationId }) => writes.add(closed(parts, organizationId)), signal);
  bus.subscribe('organization.deleted', ({ organizationId }) => leave(parts, organizationId, REVOKED), signal);
  bus.subscribe('missed', () => writes.add(lookAgain(parts)), signal);
  return { lookAgainAt: ({ userId, agentId }) => writes.add(settle(parts, { userId, agentId })) };
}

/** What was decided while nobody told us: what is open is compared with what the store says. */
async function lookAgain(parts: Parts): Promise<void> {
  for (const link of parts.links.all()) await meetAgain(parts, link);
  for (const userId of await parts.store.directory.usersWithRunning()) await settle(parts, { userId });
}

async function meetAgain({ store, presence }: Parts, link: Link): Promise<void> {
  const located = await store.directory.byAgent(link.agentId);
  const machine = await store
    .organization(link.organizationId)
    .read.selectFrom('machines')
    .select('public_key')
    .where('agent_id', '=', link.agentId)
    .executeTakeFirst();
  if (located?.isOpen === true && (machine?.public_key ?? null) !== null) return;
  link.close(located?.isOpen === false ? DISABLED : REVOKED);
  presence.forget(link);
}

async function accessChanged(parts: Parts, change: Message<'access.changed'>): Promise<void> {
  const { organizationId, agentId, userId } = change;
  const users = userId === undefined ? await usersOf(parts, { organizationId, agentId }) : [userId];
  for (const each of users) await settle(parts, { userId: each, agentId });
}

interface Place {
  readonly organizationId: string;
  /** Unnamed: all of its machines. */
  readonly agentId?: string | undefined;
}

/** Everybody who has something open there. */
async function usersOf(parts: Parts, { organizationId, agentId }: Place): Promise<Iterable<string>> {
  const there = { organizationId, ...(agentId !== undefined && { agentId }) };
  const open = [
    ...(await sessionsAt(parts, there)),
    ...(await commandsAt(parts, there)),
    ...parts.attendance.find(there),
  ];
  return new Set(open.map(({ userId }) => userId));
}

const columns = ['id', 'organization_id as organizationId', 'agent_id as agentId', 'user_id as userId'] as const;

async function sessionsAt({ store }: Parts, { organizationId, agentId }: Place) {
  const live = store
    .organization(organizationId)
    .read.selectFrom('sessions')
    .select(columns)
    .where('ended_at', 'is', null);
  return (agentId === undefined ? live : live.where('agent_id', '=', agentId)).execute();
}

async function commandsAt({ store }: Parts, { organizationId, agentId }: Place) {
  const running = store
    .organization(organizationId)
    .read.selectFrom('commands')
    .select(columns)
    .where('state', '=', 'sent');
  return (agentId === undefined ? running : running.where('agent_id', '=', agentId)).execute();
}

interface Concerned {
  readonly userId: string;
  /** On this machine; unnamed: on all. */
  readonly agentId?: string | undefined;
}

/** Compares what a user has open with what it may have now. */
async function settle(parts: Parts, { userId, agentId }: Concerned): Promise<void> {
  const { directory } = parts.store;
  const there = (all: readonly Running[]): readonly Running[] =>
    all.filter((each) => agentId === undefined || each.agentId === agentId);
  const sessions = there(await directory.sessionsOf(userId));
  const commands = there(await directory.commandsOf(userId));
  // Whoever comes from here on is looked at by itself, with rights that are read later than these.
  const attending = parts.attendance.find({ userId, ...(agentId !== undefined && { agentId }) });
  const roles = await rolesOn(parts, userId, [...sessions, ...commands, ...attending]);
  for (const session of sessions) if (isTooMuch(session, roles)) await end(parts, session);
  for (const command of commands) if (isTooMuch(command, roles)) await revokeCommand(parts, command);
  for (const attendant of attending) {
    const role = roles.get(attendant.agentId);
    if (role === undefined) attendant.close(CLOSE.forbidden, 'access-revoked');
    else if (role !== attendant.machineRole) attendant.close(CLOSE.again, 'rights-changed');
  }
}

/** A shell or command that may gain root is not for who may not any more. */
function isTooMuch({ agentId, machineRole }: Running, roles: ReadonlyMap<string, MachineRole>): boolean {
  const role = roles.get(agentId);
  return role === undefined || (role === 'non-sudo' && machineRole === 'sudo');
}

/** What a user may be on each of these machines; one that it may not use is not there. */
async function rolesOn(
  { store }: Parts,
  userId: string,
  machines: readonly { readonly organizationId: string; readonly agentId: string }[],
): Promise<ReadonlyMap<string, MachineRole>> {
  const user = await store.directory.byUser(userId);
  const roles = new Map<string, MachineRole>();
  if (!user) return roles;
  for (const { organizationId, agentId } of machines) {
    if (roles.has(agentId) || (user.organizationId !== organizationId && user.role !== 'super_admin')) continue;
    const { read } = store.organization(organizationId).seenBy({ userId, role: user.role });
    const access = await machineAccess(read, user, { agent_id: agentId });
    if (access) roles.set(agentId, access.machineRole);
  }
  return roles;
}

async function endAllOf(parts: Parts, userId: string): Promise<void> {
  const { directory } = parts.store;
  for (const session of await directory.sessionsOf(userId)) await end(parts, session);
  for (const command of await directory.commandsOf(userId)) await revokeCommand(parts, command);
}

/** An agent that is away is told at its next hello. */
async function end(parts: Parts, session: Pick<Running, 'id' | 'organizationId' | 'agentId'>): Promise<void> {
  const { id, organizationId, agentId } = session;
  const reason = 'revoked' as const;
  await parts.store.organization(organizationId).write(serviceActor, async (tx) => {
    if (!(await endSession(tx, id, { reason, at: new Date(parts.now()) }))) return { refuse: { code: 'not-found' } };
    return { value: undefined, audit: { action: 'session_ended', resource: id, detail: { reason } } };
  });
  parts.bus.publish('session.ended', { organizationId, sessionId: id, agentId, reason });
}

function endShell(parts: Parts, { organizationId, agentId, sessionId, reason }: Message<'session.ended'>): void {
  const { hubs, recorder, writes } = parts;
  hubs.find(agentId)?.end(sessionId, reason);
  hubs.released(agentId);
  writes.add(recorder.settle(organizationId, agentId));
}

/** Its shells and commands end while their agents are still there to be told. */
async function closed(parts: Parts, organizationId: string): Promise<void> {
  for (const session of await sessionsAt(parts, { organizationId })) {
    await end(parts, session);
    endShell(parts, { ...session, sessionId: session.id, reason: 'revoked' });
  }
  await revokeCommandsAt(parts, { organizationId });
  leave(parts, organizationId, DISABLED);
}

async function revokeCommandsAt(parts: Parts, place: Place): Promise<void> {
  for (const command of await commandsAt(parts, place)) await revokeCommand(parts, command);
}

/** The agents of an organization are sent away, and who looked at its machines with them. */
function leave({ links, presence, attendance }: Parts, organizationId: string, goodbye: Goodbye): void {
  for (const link of links.all().filter((each) => each.organizationId === organizationId)) {
    link.close(goodbye);
    presence.forget(link);
  }
  for (const attendant of attendance.find({ organizationId })) attendant.close(CLOSE.forbidden, 'access-revoked');
}
