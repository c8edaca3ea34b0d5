import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { someTime, temporaryStore, type TemporaryStore } from '../../../test/service/store.ts';
import { createInProcessBus } from '../../bus/in-process.ts';
import { createBackgroundWrites } from '../background-writes.ts';
import { createAttendance, type Attendant } from './attendance.ts';
import { carryOutRevocations } from './revocation.ts';

let made: TemporaryStore;
beforeAll(async () => {
  made = await temporaryStore();
});
afterAll(() => made[Symbol.asyncDispose]());

it('closes nobody who came in while rights were looked up, and whoever lost them', async () => {
  const { store } = made;
  const { id: organizationId, adminId, machine } = await made.addOrganization('acme');
  const userId = await made.addUser(organizationId, 'somebody');
  const attendance = createAttendance();
  const attendantOf = (id: string) => ({
    organizationId,
    agentId: machine.agentId,
    userId: id,
    machineRole: 'non-sudo' as const,
    close: vi.fn<Attendant['close']>(),
  });
  const [late, revoked] = [attendantOf(adminId), attendantOf(userId)];
  const stop = new AbortController();
  const bus = createInProcessBus((error) => expect.fail(String(error)));
  const writes = createBackgroundWrites({ error: (told: unknown) => expect.fail(JSON.stringify(told)) });
  carryOutRevocations({
    store: {
      organization: (id) => store.organization(id),
      directory: {
        ...store.directory,
        byUser(id) {
          if (id === adminId) attendance.add(late);
          return store.directory.byUser(id);
        },
      },
    },
    bus,
    hubs: { find: () => undefined, released: () => undefined },
    links: { find: () => undefined, all: () => [] },
    attendance,
    presence: { forget: () => undefined },
    recorder: { settle: () => Promise.resolve() },
    writes,
    now: () => someTime,
    signal: stop.signal,
  });
  attendance.add(revoked);
  for (const each of [adminId, userId])
    bus.publish('access.changed', { organizationId, userId: each, agentId: machine.agentId });
  await vi.waitFor(() => expect(revoked.close).toHaveBeenCalledWith(4403, 'access-revoked'));
  await writes[Symbol.asyncDispose]();
  stop.abort();
  expect(attendance.size).toBe(2);
  expect(late.close).not.toHaveBeenCalled();
});
