/** Who may send commands to machines, who sees what became of them, and what an agent can make of them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groups } from '../../protocol/api/groups.ts';
import { EXEC_END, STILL_RUNNING, type ExecResult, type FromAgent } from '../../protocol/wire/control.ts';
import { startBackend, type Backend } from './backend.ts';
import {
  aColleague,
  aJoinedMachine,
  anAdmin,
  asker,
  aSuperAdmin,
  audit,
  grant,
  revoke,
  type Person,
} from './people.ts';
import { look, seen, send, sent } from './sent-commands.ts';

type Hello = Extract<FromAgent, { type: 'hello' }>;

let backend: Backend;
let admin: Person;
beforeAll(async () => {
  backend = await startBackend();
  admin = await anAdmin(backend);
});
afterAll(() => backend[Symbol.asyncDispose]());

describe('who may send commands', () => {
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

describe('a command whose sender loses its right', () => {
  const canEnd = { capabilities: [EXEC_END] };
  const ask = asker(() => backend);
  const asAdmin = (method: string, path: string, body?: unknown) => ask(method, path, admin, body);
  /** A colleague’s, on a machine that it was granted. */
  async function aRunningOne(hello: Partial<Hello> = canEnd) {
    const sender = await aColleague(backend, admin);
    const agent = await aJoinedMachine(backend, admin);
    await grant(backend, sender, agent.agentId, { machine_role: 'sudo' });
    const link = await agent.connect(hello);
    const id = await sent(backend, sender, agent.agentId, { command: 'sleep 3600', timeout_s: 3600 });
    await link.next('exec');
    return { sender, agent, link, id };
  }

  it.each([
    ['its access is revoked', (sender: Person, agentId: string) => revoke(backend, sender, agentId)],
    ['it is disabled', (sender: Person) => asAdmin('PUT', `/api/users/${sender.userId}`, { enabled: false })],
    ['it may not gain root any more', (sender: Person, agentId: string) => grant(backend, sender, agentId)],
  ])('is ended when %s: its agent is told, and the audit says how it ended', async (_when, lose) => {
    const { sender, agent, link, id } = await aRunningOne();
    await lose(sender, agent.agentId);
    expect(await link.next('exec_end')).toEqual({ type: 'exec_end', command_id: id });
    expect(await seen(backend, admin, agent.agentId, id)).toMatchObject({ state: 'sent' });
    link.say(result(1, id, { state: 'revoked', exit_code: null, signal: 'SIGTERM', output: 'so far' }));
    await link.next('received');
    expect(await seen(backend, admin, agent.agentId, id)).toMatchObject({ state: 'revoked', output: 'so far' });
    expect((await said(id)).slice(1)).toMatchObject([
      { action: 'command_revoked', detail: { command_id: id } },
      { action: 'command_ended', detail: { command_id: id, state: 'revoked', exit_code: null, signal: 'SIGTERM' } },
    ]);
    await link[Symbol.asyncDispose]();
  });

  it('of which root’s part could not be ended says so, and so does the audit', async () => {
    const { sender, agent, link, id } = await aRunningOne();
    await revoke(backend, sender, agent.agentId);
    await link.next('exec_end');
    link.say(result(1, id, { state: 'revoked', code: STILL_RUNNING, exit_code: null }));
    await link.next('received');
    expect(await seen(backend, admin, agent.agentId, id)).toMatchObject({ state: 'revoked', code: STILL_RUNNING });
    expect((await said(id)).at(-1)).toMatchObject({
      action: 'command_ended',
      detail: { command_id: id, state: 'revoked', code: STILL_RUNNING },
    });
    await link[Symbol.asyncDispose]();
  });

  it('stays when another’s right goes, and when a lesser one of its own does', async () => {
    const { sender, agent, link, id } = await aRunningOne();
    const other = await aColleague(backend, admin);
    await grant(backend, other, agent.agentId);
    const others = await sent(backend, other, agent.agentId, { command: 'sleep 3600' });
    const { body } = await asAdmin('POST', '/api/groups', { name: `Crew of ${sender.username}` });
    const { id: group } = groups.create.answer[201].parse(body).group;
    await asAdmin('POST', `/api/groups/${group}/machines`, { machine_ids: [agent.agentId] });
    await asAdmin('POST', `/api/groups/${group}/members`, { user_id: sender.userId });
    await asAdmin('DELETE', `/api/groups/${group}`);
    await revoke(backend, other, agent.agentId);
    expect(await link.next('exec_end')).toMatchObject({ command_id: others });
    expect((await said(id)).map(({ action }) => action)).toEqual(['command_executed']);
    await link[Symbol.asyncDispose]();
  });

  it('is ended at the next hello of an agent that was away', async () => {
    const { sender, agent, link, id } = await aRunningOne();
    await link[Symbol.asyncDispose]();
    await revoke(backend, sender, agent.agentId);
    await expect.poll(async () => (await said(id)).at(-1)?.action).toBe('command_revoked');
    await using again = await agent.connect({ ...canEnd, commands: [id] });
    expect(await again.next('exec_end')).toMatchObject({ command_id: id });
  });

  it('goes on until its time-out on an agent that cannot end it, and the audit says so', async () => {
    const { sender, agent, link, id } = await aRunningOne({});
    await revoke(backend, sender, agent.agentId);
    await expect.poll(() => said(id)).toMatchObject([{}, { detail: { goes_on_until_time_out: true } }]);
    link.say(result(1, id, { output: 'all of it' }));
    await link.next('received');
    expect(link.heard.map(({ type }) => type)).not.toContain('exec_end');
    expect(await seen(backend, admin, agent.agentId, id)).toMatchObject({ state: 'done' });
    expect((await said(id)).at(-1)).toMatchObject({ action: 'command_ended', detail: { state: 'done' } });
    await link[Symbol.asyncDispose]();
  });

  it('is ended before the agents of a disabled organization are sent away', async () => {
    const [chief, above] = [await anAdmin(backend), await aSuperAdmin(backend)];
    const agent = await aJoinedMachine(backend, chief);
    await using link = await agent.connect(canEnd);
    const id = await sent(backend, chief, agent.agentId, { command: 'sleep 3600' });
    const path = `/api/admin/organizations/${chief.organizationId}`;
    await backend.request('PUT', path, { token: above.token, body: { enabled: false } });
    expect(await link.next('exec_end')).toMatchObject({ command_id: id });
    expect(await link.next('goodbye')).toMatchObject({ reason: 'unauthorized' });
  });

  it('is known to have lost its machine; the agent of one that is removed ends all it runs', async () => {
    const { agent, link, id } = await aRunningOne();
    await asAdmin('DELETE', `/api/machines/${agent.agentId}`);
    expect(await link.next('goodbye')).toMatchObject({ reason: 'revoked' });
    await expect.poll(async () => (await said(id)).at(-1)?.action).toBe('command_revoked');
  });
});

/** What the audit says of a command. */
async function said(id: string) {
  return (await audit(backend, admin)).filter(({ detail }) => JSON.stringify(detail).includes(id));
}

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
