/** Commands sent to a machine: over a real agent and a real shell, who may, whose they are, and what becomes of them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { commands, type SentCommand } from '../../protocol/api/commands.ts';
import type { ExecResult } from '../../protocol/wire/control.ts';
import { newFolder } from './agent-process.ts';
import { startBackend, type Answered, type Backend } from './backend.ts';
import { startCuttable } from './cuttable.ts';
import { aMachineHere, type MachineHere } from './machine-here.ts';
import { aColleague, aJoinedMachine, anAdmin, audit, grant, revoke, type Person } from './people.ts';

const send = (backend: Backend, who: Person, agentId: string, body: object): Promise<Answered> =>
  backend.request('POST', `/api/machines/${agentId}/command`, { token: who.token, body });
const look = (backend: Backend, who: Person, agentId: string, commandId: string): Promise<Answered> =>
  backend.request('GET', `/api/machines/${agentId}/commands/${commandId}`, { token: who.token });

async function sent(backend: Backend, who: Person, agentId: string, body: object): Promise<string> {
  const answer = await send(backend, who, agentId, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return commands.run.answer[200].parse(answer.body).command_id ?? '';
}
const seen = async (backend: Backend, who: Person, agentId: string, commandId: string): Promise<SentCommand> =>
  commands.get.answer[200].parse((await look(backend, who, agentId, commandId)).body).command;

/** As it is once it is over. */
async function over(backend: Backend, who: Person, agentId: string, commandId: string): Promise<SentCommand> {
  return vi.waitFor(
    async () => {
      const command = await seen(backend, who, agentId, commandId);
      if (command.state === 'sent') throw new Error('it still runs');
      return command;
    },
    { timeout: 20_000, interval: 30 },
  );
}

describe('a command for a machine', () => {
  let backend: Backend;
  let admin: Person;
  let machine: MachineHere;
  beforeAll(async () => {
    backend = await startBackend({ machines: { reconnectSpreadS: 0.1 } });
    admin = await anAdmin(backend);
    await backend.store
      .organization(admin.organizationId)
      .upkeep((tx) => tx.updateTable('users').set({ machine_role: 'sudo' }).where('id', '=', admin.userId).execute());
    machine = await aMachineHere(backend, admin);
  });
  afterAll(async () => {
    await machine[Symbol.asyncDispose]();
    await backend[Symbol.asyncDispose]();
  });
  const run = async (command: string, more: object = {}): Promise<SentCommand> => {
    const id = await sent(backend, admin, machine.agentId, { command, ...more });
    return over(backend, admin, machine.agentId, id);
  };

  it('runs in the login shell of the machine’s user, and both its outputs come back in their order', async () => {
    const command = 'echo one; echo two >&2; echo "three $HOME $TERM"; exit 3';
    const answer = await send(backend, admin, machine.agentId, { command });
    expect(answer).toMatchObject({ status: 200, body: { message: 'Command sent', command } });
    const { command_id: id = '' } = commands.run.answer[200].parse(answer.body);
    expect(await over(backend, admin, machine.agentId, id)).toMatchObject({
      command_id: id,
      command,
      state: 'done',
      exit_code: 3,
      output: `one\ntwo\nthree ${process.env['HOME']} dumb\n`,
      truncated: false,
      username: admin.username,
    });
  });

  it('is in the audit with its text, by whom it was, in no line of the server’s log', async () => {
    await run('echo secret-word-4711');
    const lines = await audit(backend, admin);
    expect(lines.at(-1)).toMatchObject({
      action: 'command_executed',
      resource: machine.agentId,
      username: admin.username,
      detail: { command: 'echo secret-word-4711', captured: 'exec', machine_role: 'sudo' },
    });
    expect(backend.logged.join('\n')).not.toContain('secret-word-4711');
  });

  it('that says too much keeps its first 64 KiB and says that there was more', async () => {
    const { output, truncated, exit_code } = await run('seq 1 100000');
    expect(exit_code).toBe(0);
    expect(truncated).toBe(true);
    expect(output?.length).toBe(64 * 1024);
    expect(output?.startsWith('1\n2\n3\n')).toBe(true);
  });

  it('that says what is no text gives what can be kept', async () => {
    const { output } = await run(String.raw`printf 'a\000b\377c'`);
    expect(output).toBe('a\uFFFDb\uFFFDc');
  });

  it('is ended at its time-out, with all that it started', async () => {
    using folder = newFolder();
    const file = path.join(folder.path, 'pid');
    const started = performance.now();
    const command = `echo begun; sleep 300 & echo $! > ${file}; trap '' TERM; sleep 301`;
    expect(await run(command, { timeout_s: 1 })).toMatchObject({ state: 'timed-out', output: 'begun\n' });
    expect(performance.now() - started).toBeLessThan(10_000);
    await vi.waitFor(() => expect(isRunning(Number(readFileSync(file, 'utf8')))).toBe(false), { timeout: 5000 });
  });

  it('leaves nothing in the background that is not meant to stay', async () => {
    using folder = newFolder();
    const file = path.join(folder.path, 'pid');
    const { state, exit_code } = await run(`sleep 302 & echo $! > ${file}`);
    expect({ state, exit_code }).toEqual({ state: 'done', exit_code: 0 });
    await vi.waitFor(() => expect(isRunning(Number(readFileSync(file, 'utf8')))).toBe(false), { timeout: 5000 });
  });

  it('ends with its agent, and its end is told', async () => {
    using folder = newFolder();
    const file = path.join(folder.path, 'pid');
    const id = await sent(backend, admin, machine.agentId, { command: `echo $$ > ${file}; sleep 303` });
    await vi.waitFor(() => expect(existsSync(file) && readFileSync(file, 'utf8')).toMatch(/\d+\n/), {
      timeout: 10_000,
    });
    await machine.restart('SIGTERM');
    expect(await over(backend, admin, machine.agentId, id)).toMatchObject({ state: 'stopped' });
    expect(isRunning(Number(readFileSync(file, 'utf8')))).toBe(false);
  });

  it('is lost with an agent that was killed, once the next one says that it knows nothing of it', async () => {
    const id = await sent(backend, admin, machine.agentId, { command: 'sleep 3' });
    await machine.restart('SIGKILL');
    expect(await over(backend, admin, machine.agentId, id)).toMatchObject({ state: 'lost', exit_code: null });
  });

  it('whose result finds no link is told after the next hello', async () => {
    const way = await startCuttable(backend.port);
    await using there = await aMachineHere(backend, admin, { host: way.url });
    using folder = newFolder();
    const go = path.join(folder.path, 'go');
    const command = `while [ ! -e ${go} ]; do sleep 0.05; done; echo after all`;
    const id = await sent(backend, admin, there.agentId, { command });
    way.cut();
    expect(await seen(backend, admin, there.agentId, id)).toMatchObject({ state: 'sent' });
    writeFileSync(go, '');
    expect(await over(backend, admin, there.agentId, id)).toMatchObject({ state: 'done', output: 'after all\n' });
    await way[Symbol.asyncDispose]();
  });

  it('that the role does not allow is refused by the machine, with why', async () => {
    const colleague = await aColleague(backend, admin);
    await grant(backend, colleague, machine.agentId);
    const id = await sent(backend, colleague, machine.agentId, { command: 'id' });
    const refused = await over(backend, colleague, machine.agentId, id);
    if (process.getuid?.() !== 0) return expect(refused).toMatchObject({ state: 'done' });
    expect(refused).toMatchObject({ state: 'refused', code: 'role-not-enforceable', exit_code: null });
  });
});

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

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
