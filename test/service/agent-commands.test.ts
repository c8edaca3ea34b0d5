/** Commands sent to a machine, over a real agent and a real shell: what they give, how they end, and that nothing stays behind. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { commands, type SentCommand } from '../../protocol/api/commands.ts';
import { newFolder } from './agent-process.ts';
import { startBackend, type Backend } from './backend.ts';
import { startCuttable } from './cuttable.ts';
import { aMachineHere, type MachineHere } from './machine-here.ts';
import { aColleague, anAdmin, audit, grant, revoke, type Person } from './people.ts';
import { over, seen, send, sent } from './sent-commands.ts';

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

  it('is ended, with all that it started, when the right to it is taken', async () => {
    using folder = newFolder();
    const file = path.join(folder.path, 'pid');
    const colleague = await aColleague(backend, admin);
    await grant(backend, colleague, machine.agentId, { machine_role: 'sudo' });
    const command = `echo begun; sleep 304 & echo $! > ${file}; sleep 305`;
    const id = await sent(backend, colleague, machine.agentId, { command, timeout_s: 3600 });
    await vi.waitFor(() => expect(existsSync(file) && readFileSync(file, 'utf8')).toMatch(/\d+\n/), {
      timeout: 10_000,
    });
    await revoke(backend, colleague, machine.agentId);
    const ended = await over(backend, admin, machine.agentId, id);
    expect(ended).toMatchObject({ state: 'revoked', exit_code: null, output: 'begun\n' });
    await vi.waitFor(() => expect(isRunning(Number(readFileSync(file, 'utf8')))).toBe(false), { timeout: 5000 });
    expect((await audit(backend, admin)).at(-1)).toMatchObject({
      action: 'command_ended',
      resource: machine.agentId,
      detail: { command_id: id, state: 'revoked', signal: 'SIGTERM' },
    });
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
    const [begun, go] = [path.join(folder.path, 'begun'), path.join(folder.path, 'go')];
    const command = `echo > ${begun}; while [ ! -e ${go} ]; do sleep 0.05; done; echo after all`;
    const id = await sent(backend, admin, there.agentId, { command });
    await vi.waitFor(() => expect(existsSync(begun)).toBe(true), { timeout: 10_000 }); // else it is lost with the link
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

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
