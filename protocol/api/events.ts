/** `/api/events`: what changed for this caller, so that no client polls. The first message of each kind is the present state. */
import { z } from 'zod';
import { machine } from './machines.ts';
import { rows } from './row.ts';
import { session } from './terminals.ts';
import { agentId, sessionId } from './values.ts';

/** `snapshot` replaces all that was known; `changed` adds, replaces and removes by id. */
export const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), machines: z.array(machine), sessions: z.array(session) }),
  z.object({ type: z.literal('machines'), changed: z.array(machine), removed: z.array(agentId) }),
  z.object({ type: z.literal('sessions'), changed: z.array(session), removed: z.array(sessionId) }),
]);
export type Event = z.infer<typeof event>;

export const events = rows({
  connect: { kind: 'socket', method: 'GET', path: '/api/events', access: 'signed-in', rate: 'read', subprotocols: [] },
});
