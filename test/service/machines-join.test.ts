import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hashSecret, newSecret } from '../../backend/store/secret.ts';
import { agents } from '../../protocol/api/agents.ts';
import { machines } from '../../protocol/api/machines.ts';
import { startBackend, type Backend } from './backend.ts';
import { aMachine, anAdmin, audit, type Person } from './people.ts';
import { newAgentKey, register } from './scripted-agent.ts';

const refusal = z.object({ code: z.string() });
const codeOf = async (answer: Response): Promise<string> => refusal.parse(await answer.json()).code;

async function giveKey(backend: Backend, person: Person): Promise<string> {
  const key = newSecret('vsay_ak_');
  await backend.store.organization(person.organizationId).upkeep((tx) =>
    tx
      .updateTable('users')
      .set({ api_key_hash: hashSecret(key) })
      .where('id', '=', person.userId)
      .execute(),
  );
  return key;
}

describe('an agent joins', () => {
  const clock = { ahead: 0 };
  let backend: Backend;
  let admin: Person;
  beforeAll(async () => {
    backend = await startBackend({ clock, environment: { TRUSTED_PROXIES: '127.0.0.1' } });
    admin = await anAdmin(backend);
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  const machineNamed = async (agentId: string) => {
    const answer = await backend.request('GET', `/api/machines/${agentId}`, { token: admin.token });
    return machines.get.answer[200].parse(answer.body).machine;
  };

  it('by the registration token of its machine, and is then no longer pending', async () => {
    const { agentId, registrationToken } = await aMachine(backend, admin);
    const answer = await register(backend, registrationToken, newAgentKey());
    expect(answer.status).toBe(201);
    expect(agents.register.answer[201].parse(await answer.json())).toMatchObject({
      agent_id: agentId,
      heartbeat_s: 30,
    });
    expect(await machineNamed(agentId)).toMatchObject({ status: 'offline', hostname: 'scripted', os: 'Linux' });
    const lines = (await audit(backend, admin)).filter((line) => line.resource === agentId);
    expect(lines.at(-1)).toMatchObject({ action: 'agent_joined', detail: { by: 'registration-token' } });
  });

  it('once with each token', async () => {
    const { registrationToken } = await aMachine(backend, admin);
    expect((await register(backend, registrationToken, newAgentKey())).status).toBe(201);
    const again = await register(backend, registrationToken, newAgentKey());
    expect(again.status).toBe(401);
    expect(await codeOf(again)).toBe('registration-token-dead');
  });

  it('with one of two at once', async () => {
    const { registrationToken } = await aMachine(backend, admin);
    const both = await Promise.all([1, 2].map(() => register(backend, registrationToken, newAgentKey())));
    expect(both.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 401]);
  });

  it('not with a token older than a day', async () => {
    const { registrationToken } = await aMachine(backend, admin);
    clock.ahead = 24 * 3600 * 1000 + 1000;
    try {
      expect(await codeOf(await register(backend, registrationToken, newAgentKey()))).toBe('registration-token-dead');
    } finally {
      clock.ahead = 0;
    }
  });

  it('slowly, once dead tokens were tried: by each token, and from each address', async () => {
    const about = { hostname: 'guessing', os: 'Linux', arch: 'x64', agent_version: '0.0.0' };
    const guess = (token: string, address: string) =>
      backend.request('POST', '/api/agent/register', {
        body: { token, public_key: newAgentKey().publicKey, ...about },
        headers: { 'x-forwarded-for': address },
      });
    const { registrationToken } = await aMachine(backend, admin);
    const used = (address: string) => guess(registrationToken, address);
    expect((await used('10.1.0.1')).status).toBe(201);
    for (let i = 0; i < 6; i++) expect((await used(`10.1.1.${i}`)).status).toBe(401);
    const slowed = await used('10.1.2.1');
    expect(slowed.status).toBe(429);
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    for (let i = 0; i < 21; i++) await guess(newSecret('vsay_ak_'), '10.1.3.1');
    expect((await guess(newSecret('vsay_ak_'), '10.1.3.1')).status).toBe(429);
    // Its neighbours join as before.
    const { registrationToken: good } = await aMachine(backend, admin);
    expect((await guess(good, '10.1.3.2')).status).toBe(201);
  });

  it('not with a token nobody made, and gets the same answer', async () => {
    const answer = await register(backend, newSecret('vsay_rt_'), newAgentKey());
    expect(answer.status).toBe(401);
    expect(await codeOf(answer)).toBe('registration-token-dead');
  });

  it('not with a token of a machine that was deleted', async () => {
    const { agentId, registrationToken } = await aMachine(backend, admin);
    await backend.request('DELETE', `/api/machines/${agentId}`, { token: admin.token });
    expect((await register(backend, registrationToken, newAgentKey())).status).toBe(401);
  });

  it.each([
    ['a key that is none', { public_key: 'short' }],
    ['a key of another length', { public_key: 'A'.repeat(44) }],
    ['no host name', { hostname: undefined }],
    ['a user that no system has', { linux_user: '../root' }],
    ['metadata that is no value', { metadata: { nested: {} } }],
  ])('not with %s', async (_, change) => {
    const { registrationToken } = await aMachine(backend, admin);
    const answer = await register(backend, registrationToken, newAgentKey(), change);
    expect(answer.status).toBe(400);
    expect(await codeOf(answer)).toBe('invalid-fields');
    expect((await register(backend, registrationToken, newAgentKey())).status).toBe(201);
  });

  describe("by a person's API key", () => {
    it('as a new machine of that person', async () => {
      const key = await giveKey(backend, admin);
      const answer = await register(backend, key, newAgentKey(), { name: 'my laptop', linux_user: 'ada' });
      const { agent_id: agentId } = agents.register.answer[201].parse(await answer.json());
      expect(await machineNamed(agentId)).toMatchObject({
        name: 'my laptop',
        linux_user: 'ada',
        owner_id: admin.userId,
        status: 'offline',
      });
      const lines = (await audit(backend, admin)).filter((line) => line.resource === agentId);
      expect(lines).toMatchObject([
        { action: 'machine_registered', username: admin.username },
        { action: 'agent_joined', username: admin.username, detail: { by: 'api-key' } },
      ]);
    });

    it('named after its host when it has no other name', async () => {
      const answer = await register(backend, await giveKey(backend, admin), newAgentKey(), { hostname: 'box-7' });
      const { agent_id: agentId } = agents.register.answer[201].parse(await answer.json());
      expect((await machineNamed(agentId)).name).toBe('box-7');
    });

    it('not when the person is disabled', async () => {
      const other = await anAdmin(backend);
      const key = await giveKey(backend, other);
      await backend.store
        .organization(other.organizationId)
        .upkeep((tx) =>
          tx
            .updateTable('users')
            .set({ disabled_at: new Date().toISOString() })
            .where('id', '=', other.userId)
            .execute(),
        );
      expect((await register(backend, key, newAgentKey())).status).toBe(401);
    });

    it('not when the organization is disabled', async () => {
      const other = await anAdmin(backend);
      const key = await giveKey(backend, other);
      const { registrationToken } = await aMachine(backend, other);
      await backend.store.platform.upkeep((tx) =>
        tx
          .updateTable('organizations')
          .set({ disabled_at: new Date().toISOString() })
          .where('id', '=', other.organizationId)
          .execute(),
      );
      expect((await register(backend, key, newAgentKey())).status).toBe(401);
      expect((await register(backend, registrationToken, newAgentKey())).status).toBe(401);
    });
  });
});
