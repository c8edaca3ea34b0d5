/** Who may send commands to machines, who sees what became of them, and what an agent can make of them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecResult } from '../../protocol/wire/control.ts';
import { startBackend, type Backend } from './backend.ts';
import { aColleague, aJoinedMachine, anAdmin, audit, grant, revoke, type Person } from './people.ts';
import { look, seen, send, sent } from './sent-commands.ts';

describe('who may send commands', () => {
  let backend: Backend;
  let admin: Person;
  beforeAll(async () => {
    backend = await startBackend();
    admin = await anAdmin(backend);
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  it('nobody to a machine that is offline', async () => {
    const agent = await aJoinedMachine(backend, admin);
    const answer = await send(backend, admin, agent.agentId, { command: 'id' });
    expect(answer).toMatchObject({ status: 503, body: { code: 'machine-offline' } });
    expect((await audit(backend, admin)).filter(({ action }) => action === 'command_executed')).toEqual([]);
  });

  it.each([
    ['none', {}],
    ['an empty one', { command: '' }],
    ['one with NUL', { command: 'a\0b' }],
    ['one that is too long', { command: 'x'.repeat(8193) }],
    ['a time-out of none', { command: 'id', timeout_s: 0 }],
    ['a time-out of a day', { command: 'id', timeout_s: 86_400 }],
  ])('not %s', async (_name, body) => {
    const agent = await aJoinedMachine(backend, admin);
    const answer = await send(backend, admin, agent.agentId, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-fields' } });
  });

  it('who was granted the machine, as long as it is; with the role of the grant', async () => {
    const colleague = await aColleague(backend, admin);
    const agent = await aJoinedMachine(backend, admin);
    await using link = await agent.connect();
    expect((await send(backend, colleague, agent.agentId, { command: 'id' })).status).toBe(404);
    await grant(backend, colleague, agent.agentId);
    const id = await sent(backend, colleague, agent.agentId, { command: 'id', timeout_s: 7 });
    const exec = { type: 'exec', command_id: id, command: 'id', timeout_s: 7, machine_role: 'non-sudo' };
    expect(await link.next('exec')).toEqual(exec);
    await revoke(backend, colleague, agent.agentId);
    expect((await send(backend, colleague, agent.agentId, { command: 'id' })).status).toBe(404);
    expect((await look(backend, colleague, agent.agentId, id)).status).toBe(404);
  });

  it('a result is seen by whom it is of, the machine’s owner and admins; nobody else can tell that it is there', async () => {
    const owner = await aColleague(backend, admin);
    const [asked, other] = [await aColleague(backend, admin), await aColleague(backend, admin)];
    const agent = await aJoinedMachine(backend, owner);
    await using link = await agent.connect();
    await grant(backend, asked, agent.agentId);
    await grant(backend, other, agent.agentId);
    const id = await sent(backend, asked, agent.agentId, { command: 'hostname' });
    await link.next('exec');
    link.say(result(1, id, { output: 'here' }));
    await link.next('received');
    for (const who of [asked, owner, admin])
      expect(await seen(backend, who, agent.agentId, id)).toMatchObject({ state: 'done', output: 'here' });
    const stranger = await anAdmin(backend);
    for (const who of [other, stranger]) expect((await look(backend, who, agent.agentId, id)).status).toBe(404);
    const elsewhere = await aJoinedMachine(backend, owner);
    expect((await look(backend, owner, elsewhere.agentId, id)).status).toBe(404);
  });

  it('an agent tells only of its own: of another’s command, or of none, it is heard and nothing comes of it', async () => {
    const [agent, other] = [await aJoinedMachine(backend, admin), await aJoinedMachine(backend, admin)];
    await using link = await agent.connect();
    await using foreign = await other.connect();
    const id = await sent(backend, admin, agent.agentId, { command: 'hostname' });
    await link.next('exec');
    foreign.say(result(1, id, { output: 'forged' }));
    foreign.say(result(2, crypto.randomUUID(), {}));
    expect(await foreign.next('received')).toMatchObject({ seq: 1 });
    expect(await foreign.next('received')).toMatchObject({ seq: 2 });
    expect(await seen(backend, admin, agent.agentId, id)).toMatchObject({ state: 'sent', output: null });
    link.say(result(1, id, { output: 'own' }));
    link.say(result(2, id, { output: 'changed afterwards' }));
    await link.next('received');
    await link.next('received');
    expect(await seen(backend, admin, agent.agentId, id)).toMatchObject({ state: 'done', output: 'own' });
  });

  it('what an agent that comes back does not list is lost; a result that comes after all is taken', async () => {
    const agent = await aJoinedMachine(backend, admin);
    const link = await agent.connect();
    const [listed, forgotten] = [
      await sent(backend, admin, agent.agentId, { command: 'sleep 1' }),
      await sent(backend, admin, agent.agentId, { command: 'sleep 2' }),
    ];
    await link[Symbol.asyncDispose]();
    await using again = await agent.connect({ commands: [listed] });
    expect(await seen(backend, admin, agent.agentId, listed)).toMatchObject({ state: 'sent' });
    expect(await seen(backend, admin, agent.agentId, forgotten)).toMatchObject({ state: 'lost' });
    again.say(result(1, forgotten, { output: 'late' }));
    await again.next('received');
    expect(await seen(backend, admin, agent.agentId, forgotten)).toMatchObject({ state: 'done', output: 'late' });
  });
});

function result(seq: number, commandId: string, change: Partial<ExecResult>): ExecResult {
  const at = new Date().toISOString();
  return {
    type: 'exec_result',
    seq,
    command_id: commandId,
    state: 'done',
    exit_code: 0,
    output: '',
    truncated: false,
    started_at: at,
    ended_at: at,
    ...change,
  };
}
