/** What parts of the backend tell each other after something was committed. One node: in process; several: the same over a broker. */
import { z } from 'zod';
import type { Service } from '../../protocol/api/table.ts';
import { agentId, objectId, sessionId, time } from '../../protocol/api/values.ts';
import { endReason } from '../../protocol/wire/control.ts';

const id = z.string();
/** Every topic and its message. Plain JSON, ids only: who hears one reads the rest from the store. */
export const topics = {
  /** Signed out, of all its accounts or of this one: its sockets close with 4401. */
  'sign-in.revoked': z.object({ signInId: id, userId: objectId.optional() }),
  /** It has a newer token: its sockets may live until then. */
  'sign-in.extended': z.object({ signInId: id, expiresAt: time }),
  'user.disabled': z.object({ organizationId: objectId, userId: objectId }),
  /** Its portal role or its own machine role is another: its sockets dial again, and what it may not keep ends. */
  'role.changed': z.object({ organizationId: objectId, userId: objectId }),
  'organization.disabled': z.object({ organizationId: objectId }),
  /** With all it had, but for its audit. Whoever keeps files of it deletes them. */
  'organization.deleted': z.object({ organizationId: objectId }),
  'machine.deleted': z.object({ organizationId: objectId, machineId: objectId, agentId }),
  /** It joined anew, or its key was forgotten: what proved itself by the old key has to go. */
  'machine.rekeyed': z.object({ organizationId: objectId, agentId }),
  /** Made, renamed, online, offline, new figures. */
  'machine.changed': z.object({ organizationId: objectId, agentId }),
  /** What the server sets for its agent is another now. */
  'machine.configured': z.object({ organizationId: objectId, agentId }),
  /** Opened, attached, detached, ended. */
  'session.changed': z.object({ organizationId: objectId, sessionId, agentId }),
  /** Ended in the store by a person's act: whoever holds its shell or its clients ends them too. */
  'session.ended': z.object({ organizationId: objectId, sessionId, agentId, reason: endReason }),
  /** What this user may see or use of this machine changed; unnamed: of any machine, or for anybody. */
  'access.changed': z.object({ organizationId: objectId, agentId: agentId.optional(), userId: objectId.optional() }),
  /** Messages may have been lost before this one: who relies on having heard all of them looks into the store again. */
  missed: z.object({}),
} as const;

export type Topic = keyof typeof topics;
export type Message<T extends Topic> = z.output<(typeof topics)[T]>;

/** Which services have to hear it where they run apart. Rights: both. What only the machine service shows: it alone. */
export const hearers: Readonly<Record<Topic, readonly Service[]>> = {
  'sign-in.revoked': ['auth', 'machines'],
  'sign-in.extended': ['machines'],
  'user.disabled': ['auth', 'machines'],
  'organization.disabled': ['auth', 'machines'],
  'organization.deleted': ['auth', 'machines'],
  'role.changed': ['auth', 'machines'],
  'machine.deleted': ['auth', 'machines'],
  'machine.rekeyed': ['machines'],
  'machine.changed': ['machines'],
  'machine.configured': ['machines'],
  'session.changed': ['machines'],
  'session.ended': ['machines'],
  'access.changed': ['auth', 'machines'],
  missed: ['auth', 'machines'],
};

export interface Bus {
  /** Returns at once; subscribers run later, each on its own. Publish after the commit. */
  publish<T extends Topic>(topic: T, message: Message<T>): void;
  /** Ends with `signal`. */
  subscribe<T extends Topic>(topic: T, hear: (message: Message<T>) => void, signal: AbortSignal): void;
}
