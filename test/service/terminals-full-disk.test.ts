import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { startBackend } from './backend.ts';
import { limitedDisk } from './full-disk.ts';
import { aJoinedMachine, anAdmin } from './people.ts';
import { runShells } from './scripted-shells.ts';
import { attachTerminal, connectTerminal, drawn, openTerminal, type } from './terminal-client.ts';

describe('terminals on a full disk', () => {
  it('refuse to open with a code, keep those that run, and open again once there is room', async () => {
    const disk = limitedDisk();
    await using backend = await startBackend({ library: disk.library, machines: { maxSessionsPerUser: 10_000 } });
    const admin = await anAdmin(backend);
    const agent = await aJoinedMachine(backend, admin);
    await using link = await agent.connect();
    const shells = runShells(link);
    await using running = await connectTerminal(backend, admin, agent.agentId);
    const sessionId = await openTerminal(running);
    await attachTerminal(running, sessionId);

    disk.fill(true);
    const wide = { name: 'wide', description: 'x'.repeat(1000) };
    await vi.waitFor(
      async () => {
        const made = await backend.request('POST', '/api/machines', { token: admin.token, body: wide });
        expect(made.status).toBe(503);
      },
      { interval: 1, timeout: 20_000 },
    );
    await using client = await connectTerminal(backend, admin, agent.agentId);
    const wish = (): void => client.say({ type: 'open', open_id: randomUUID(), cols: 80, rows: 24 });
    client.onMessage((message) => {
      if (message.type === 'opened') wish(); // there is room in the last page still
    });
    wish();
    expect(await client.next('error')).toMatchObject({ code: 'storage-full' });
    expect(await client.closed).toEqual({ code: 1011, reason: 'storage-full' });
    shells.print(sessionId, 'still here');
    await vi.waitFor(() => expect(drawn(running).toString()).toBe('still here'));
    type(running, 'x');
    await vi.waitFor(() => expect(shells.typed(sessionId)).toBe('x'));

    disk.fill(false);
    await using later = await connectTerminal(backend, admin, agent.agentId);
    expect(await openTerminal(later)).not.toBe('');
  });

  it('let an agent that comes meanwhile wait, and take it when there is room', async () => {
    const disk = limitedDisk();
    await using backend = await startBackend({ library: disk.library });
    const admin = await anAdmin(backend);
    const agent = await aJoinedMachine(backend, admin);
    disk.fill(true);
    let told: unknown;
    for (let i = 0; i < 500 && told === undefined; i += 1) {
      const { link, nonce } = await agent.dial();
      await using _ = link;
      link.say(agent.hello(nonce));
      told = await Promise.race([link.next('goodbye'), link.next('welcome').then(() => undefined)]);
    }
    expect(told).toMatchObject({ reason: 'busy', retry_after_s: 30 });
    disk.fill(false);
    await using link = await agent.connect();
    expect(link.heard.at(-1)).toMatchObject({ type: 'welcome' });
  });
});
