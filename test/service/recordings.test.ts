/** What sessions show, recorded: byte by byte, over cuts and restarts, with a verdict at the end of each. */
import { randomBytes, randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MARK_BYTES } from '../../backend/machines/recordings/page.ts';
import { RECORDER_WINDOW } from '../../backend/machines/recordings/recording.ts';
import { realDisk, type Disk, type RecordingFile } from '../../backend/machines/recordings/recording-file.ts';
import { terminals } from '../../protocol/api/terminals.ts';
import { startBackend, type Backend } from './backend.ts';
import { askForRecording, readRecording } from './cast.ts';
import { aColleague, aJoinedMachine, anAdmin, audit, grant, type Person } from './people.ts';
import { reported, type AgentTalk, type ScriptedAgent } from './scripted-agent.ts';
import { runShells, type ScriptedShells } from './scripted-shells.ts';
import { attachTerminal, connectTerminal, drawn, openTerminal } from './terminal-client.ts';

interface Machine extends AsyncDisposable {
  readonly admin: Person;
  readonly agent: ScriptedAgent;
  readonly link: AgentTalk;
  readonly shells: ScriptedShells;
}

async function aMachineOf(backend: Backend): Promise<Machine> {
  const admin = await anAdmin(backend);
  const agent = await aJoinedMachine(backend, admin);
  const link = await agent.connect();
  return { admin, agent, link, shells: runShells(link), [Symbol.asyncDispose]: () => link[Symbol.asyncDispose]() };
}

/** A session that nobody is attached to any more. */
async function aSession(backend: Backend, { admin, agent }: Machine, who: Person = admin): Promise<string> {
  await using client = await connectTerminal(backend, who, agent.agentId);
  return await openTerminal(client);
}

async function rowOf(backend: Backend, { organizationId }: Person, sessionId: string) {
  return backend.store
    .organization(organizationId)
    .read.selectFrom('recordings')
    .selectAll()
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
}

async function verdictOf(backend: Backend, of: Person, sessionId: string) {
  return vi.waitFor(
    async () => {
      const row = await rowOf(backend, of, sessionId);
      expect(row?.verdict).toEqual(expect.any(String));
      return row;
    },
    { timeout: 20_000 },
  );
}

async function auditOf(backend: Backend, of: Person, action: string) {
  return (await audit(backend, of)).filter((line) => line.action === action);
}

async function shows(backend: Backend, who: Person, sessionId: string, text: string): Promise<void> {
  await vi.waitFor(async () => expect((await readRecording(backend, who, sessionId)).output).toBe(text), {
    timeout: 10_000,
  });
}

function fileIn(dataFolder: string, { organizationId }: Person, sessionId: string): string {
  return path.join(dataFolder, 'recordings', organizationId, `${sessionId}.recording`);
}

describe('a recording', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startBackend();
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  it('is had while the session runs, with what is stored so far, and is nobody else’s to read on the disk', async () => {
    await using machine = await aMachineOf(backend);
    const { admin, shells } = machine;
    const sessionId = await aSession(backend, machine);
    shells.print(sessionId, '$ echo "käse"\r\n\u001b[1mkäse\u001b[0m\r\n');
    await shows(backend, admin, sessionId, '$ echo "käse"\r\n\u001b[1mkäse\u001b[0m\r\n');
    const answer = await askForRecording(backend, admin, sessionId);
    expect(answer.headers.get('content-type')).toBe('application/x-asciicast');
    expect((await readRecording(backend, admin, sessionId)).header).toMatchObject({ width: 80, height: 24 });
    const head = await askForRecording(backend, admin, sessionId, 'HEAD');
    expect(head).toMatchObject({ status: 200, body: '' });
    const file = fileIn(backend.dataFolder, admin, sessionId);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
    const { body } = await backend.request('GET', '/api/terminal/sessions', { token: admin.token });
    expect(terminals.list.answer[200].parse(body).sessions).toMatchObject([{ recording: true, bytes_out: 31 }]);
  });

  it('ends with the verdict that it is complete, in the store and in the audit', async () => {
    await using machine = await aMachineOf(backend);
    const { admin, shells } = machine;
    const sessionId = await aSession(backend, machine);
    const bytes = Buffer.from('ж\u{1f600} '.repeat(60_000)); // frames end amid its characters
    shells.print(sessionId, bytes);
    shells.exit(sessionId, 0);
    expect(await verdictOf(backend, admin, sessionId)).toMatchObject({
      verdict: 'complete',
      bytes: bytes.length,
      gaps: '[]',
    });
    expect((await readRecording(backend, admin, sessionId)).output === bytes.toString()).toBe(true);
    expect(await auditOf(backend, admin, 'recording_ended')).toMatchObject([
      { resource: sessionId, status: 'success', detail: { verdict: 'complete', bytes: bytes.length, missing: [] } },
    ]);
  });

  it('shows what is no UTF-8 as a player can', async () => {
    await using machine = await aMachineOf(backend);
    const { admin, shells } = machine;
    const sessionId = await aSession(backend, machine);
    const bytes = randomBytes(300_000);
    shells.print(sessionId, bytes);
    shells.exit(sessionId, 0);
    expect(await verdictOf(backend, admin, sessionId)).toMatchObject({ verdict: 'complete', bytes: bytes.length });
    expect((await readRecording(backend, admin, sessionId)).output === bytes.toString()).toBe(true);
  });

  it('has each new size of the terminal', async () => {
    await using machine = await aMachineOf(backend);
    const { admin, agent, link } = machine;
    await using client = await connectTerminal(backend, admin, agent.agentId);
    const sessionId = await openTerminal(client);
    await attachTerminal(client, sessionId);
    const attach = link.heard.filter((message) => message.type === 'attach').at(-1);
    const channel = attach?.channel ?? 0;
    link.say({ type: 'resized', channel, cols: 132, rows: 43, output_offset: 0 });
    await vi.waitFor(async () => {
      expect((await readRecording(backend, admin, sessionId)).sizes).toEqual(['132x43']);
    });
  });

  it('is for the session’s owner, the machine’s owner and admins; each look is in the audit', async () => {
    await using machine = await aMachineOf(backend);
    const { admin, agent, shells } = machine;
    const [own, other, stranger] = [
      await aColleague(backend, admin),
      await aColleague(backend, admin),
      await anAdmin(backend),
    ];
    await grant(backend, own, agent.agentId);
    await grant(backend, other, agent.agentId);
    const sessionId = await aSession(backend, machine, own);
    shells.print(sessionId, 'seen');
    await shows(backend, admin, sessionId, 'seen');
    await shows(backend, own, sessionId, 'seen');
    for (const who of [other, stranger]) {
      expect(await askForRecording(backend, who, sessionId)).toMatchObject({
        status: 404,
        body: { code: 'not-found' },
      });
    }
    expect(await backend.request('GET', `/api/sessions/${sessionId}/recording`)).toMatchObject({ status: 401 });
    expect(await askForRecording(backend, admin, randomUUID())).toMatchObject({ status: 404 });
    const looks = await auditOf(backend, admin, 'recording_viewed');
    expect(new Set(looks.map(({ username }) => username))).toEqual(new Set([admin.username, own.username]));
    expect(looks[0]).toMatchObject({ resource: sessionId, detail: { agent_id: agent.agentId, of_user: own.userId } });
  });

  it('goes on over a cut of the agent’s socket, without a byte missing or doubled', async () => {
    await using machine = await aMachineOf(backend);
    const { admin, agent, link, shells } = machine;
    const sessionId = await aSession(backend, machine);
    shells.print(sessionId, 'before ');
    await shows(backend, admin, sessionId, 'before ');
    link.socket.terminate();
    await link.closed;
    shells.print(sessionId, 'meanwhile ');
    const sessions = [reported(sessionId, { output_offset: shells.offsetOf(sessionId) })];
    await using again = await agent.connect({ sessions });
    shells.moveTo(again);
    shells.print(sessionId, 'after');
    shells.exit(sessionId, 0);
    expect(await verdictOf(backend, admin, sessionId)).toMatchObject({ verdict: 'complete' });
    await shows(backend, admin, sessionId, 'before meanwhile after');
  });

  it('of a session that is ended by somebody is complete too, with what was under way', async () => {
    await using machine = await aMachineOf(backend);
    const { admin, shells } = machine;
    const sessionId = await aSession(backend, machine);
    shells.print(sessionId, 'the last words');
    await backend.request('DELETE', `/api/terminal/sessions/${sessionId}`, { token: admin.token });
    expect(await verdictOf(backend, admin, sessionId)).toMatchObject({ verdict: 'complete', bytes: 14 });
    await shows(backend, admin, sessionId, 'the last words');
  });

  it('whose agent forgot the session says that its end is not known', async () => {
    await using machine = await aMachineOf(backend);
    const { admin, agent, link, shells } = machine;
    const sessionId = await aSession(backend, machine);
    shells.print(sessionId, 'known');
    await shows(backend, admin, sessionId, 'known');
    link.socket.terminate();
    await link.closed;
    await using _ = await agent.connect();
    const row = await verdictOf(backend, admin, sessionId);
    expect(row?.verdict).toBe('incomplete');
    expect(JSON.parse(row?.gaps ?? '')).toMatchObject([{ from: 5, to: null, reason: 'not-received' }]);
    const { markers } = await readRecording(backend, admin, sessionId);
    expect(markers).toEqual([expect.stringMatching(/^An unknown part of the output from .* s to .* s missing: /)]);
    expect(await auditOf(backend, admin, 'recording_ended')).toMatchObject([
      { status: 'failure', detail: { verdict: 'incomplete', missing: markers } },
    ]);
  });

  it('goes with its organization', async () => {
    await using machine = await aMachineOf(backend);
    const { admin, shells } = machine;
    const sessionId = await aSession(backend, machine);
    shells.print(sessionId, 'secret');
    await shows(backend, admin, sessionId, 'secret');
    backend.bus.publish('organization.deleted', { organizationId: admin.organizationId });
    await vi.waitFor(async () => {
      expect(await readdir(path.join(backend.dataFolder, 'recordings'))).not.toContain(admin.organizationId);
    });
  });
});

describe('recordings', () => {
  it('go on after a restart of the service where their files end, whatever was torn there', async () => {
    const dataFolder = await mkdtemp(path.join(tmpdir(), 'webxterm-recordings-'));
    let backend = await startBackend({ dataFolder });
    try {
      const { admin, agent, link, shells } = await aMachineOf(backend);
      await using client = await connectTerminal(backend, admin, agent.agentId);
      const sessionId = await openTerminal(client);
      shells.print(sessionId, 'first ');
      await shows(backend, admin, sessionId, 'first ');
      const { port } = backend;
      await backend[Symbol.asyncDispose]();
      await link.closed;
      const file = fileIn(dataFolder, admin, sessionId);
      const mark = (await readFile(file)).subarray(0, MARK_BYTES);
      await appendFile(file, Buffer.concat([mark, Buffer.from('half of a pa')]));
      shells.print(sessionId, 'second ');
      backend = await startBackend({ dataFolder, port });
      const sessions = [reported(sessionId, { output_offset: shells.offsetOf(sessionId) })];
      await using again = await agent.connect({ sessions });
      shells.moveTo(again);
      shells.print(sessionId, 'third');
      shells.exit(sessionId, 0);
      expect(await verdictOf(backend, admin, sessionId)).toMatchObject({ verdict: 'complete', bytes: 18 });
      await shows(backend, admin, sessionId, 'first second third');
    } finally {
      await backend[Symbol.asyncDispose]();
      await rm(dataFolder, { recursive: true });
    }
  });

  it('that a disk refuses hold nobody for long, state what they lack, and go on when there is room (pain: recording fails and nobody knows)', async () => {
    const disk = refusingDisk();
    await using backend = await startBackend({ disk });
    await using machine = await aMachineOf(backend);
    const { admin, agent, shells } = machine;
    await using client = await connectTerminal(backend, admin, agent.agentId);
    const sessionId = await openTerminal(client);
    await attachTerminal(client, sessionId, { window: 8_000_000 });
    shells.print(sessionId, 'kept ');
    await shows(backend, admin, sessionId, 'kept ');
    disk.isFull = true;
    const flood = 'x'.repeat(2 * RECORDER_WINDOW);
    shells.print(sessionId, flood);
    await vi.waitFor(() => expect(drawn(client).length).toBeGreaterThan(RECORDER_WINDOW / 2));
    expect(drawn(client).length).toBeLessThan(1.5 * RECORDER_WINDOW); // held back by the recorder, for now
    await vi.waitFor(() => expect(drawn(client).length).toBe(flood.length + 5), { timeout: 20_000 });
    await vi.waitFor(async () =>
      expect(await auditOf(backend, admin, 'recording_interrupted')).toMatchObject([
        { resource: sessionId, status: 'failure', detail: { reason: 'disk-full' } },
      ]),
    );
    disk.isFull = false;
    await vi.waitFor(async () => expect((await readRecording(backend, admin, sessionId)).markers).toHaveLength(1), {
      timeout: 5000,
    });
    shells.print(sessionId, ' kept again');
    shells.exit(sessionId, 0);
    const row = await verdictOf(backend, admin, sessionId);
    expect(row?.verdict).toBe('incomplete');
    expect(JSON.parse(row?.gaps ?? '')).toMatchObject([{ to: flood.length + 5, reason: 'disk-full' }]);
    const { output, markers } = await readRecording(backend, admin, sessionId);
    expect(output).toMatch(/^kept x*  ?kept again$/);
    expect(markers).toEqual([expect.stringMatching(/^\d+ bytes of the output from .* missing: the disk was full$/)]);
  });

  it('go when they are older than an operator keeps them', async () => {
    const dataFolder = await mkdtemp(path.join(tmpdir(), 'webxterm-recordings-'));
    const clock = { ahead: 0 };
    let backend = await startBackend({ dataFolder, clock });
    try {
      const machine = await aMachineOf(backend);
      const { admin, shells } = machine;
      const sessionId = await aSession(backend, machine);
      shells.print(sessionId, 'long ago');
      shells.exit(sessionId, 0);
      await verdictOf(backend, admin, sessionId);
      const folder = path.dirname(fileIn(dataFolder, admin, sessionId));
      expect(await readdir(folder)).toHaveLength(1);
      await backend[Symbol.asyncDispose]();
      clock.ahead = 2 * 24 * 3_600_000;
      backend = await startBackend({ dataFolder, clock, random: () => 0, environment: { RECORDING_DAYS: '1' } });
      await vi.waitFor(async () => expect(await readdir(folder)).toEqual([]), { timeout: 10_000 });
      const { token } = await backend.signIn(admin);
      expect(await askForRecording(backend, { token }, sessionId)).toMatchObject({ status: 404 });
      expect(await auditOf(backend, admin, 'recordings_removed')).toMatchObject([
        { detail: { sessions: [sessionId] } },
      ]);
    } finally {
      await backend[Symbol.asyncDispose]();
      await rm(dataFolder, { recursive: true });
    }
  });

  it('are not made where an operator wants none', async () => {
    await using backend = await startBackend({ environment: { RECORDINGS: 'off' } });
    await using machine = await aMachineOf(backend);
    const { admin, shells } = machine;
    const sessionId = await aSession(backend, machine);
    shells.print(sessionId, 'unrecorded');
    const { body } = await backend.request('GET', '/api/terminal/sessions', { token: admin.token });
    expect(terminals.list.answer[200].parse(body).sessions).toMatchObject([{ recording: false }]);
    expect(await askForRecording(backend, admin, sessionId)).toMatchObject({ status: 404 });
    expect(await readdir(backend.dataFolder)).not.toContain('recordings');
  });
});

function refusingDisk(): Disk & { isFull: boolean } {
  const disk = {
    isFull: false,
    async open(file: string) {
      const real = await realDisk.open(file);
      const write: RecordingFile['write'] = async (...args) => {
        if (disk.isFull) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
        return real.write(...args);
      };
      return {
        write,
        truncate: async (length: number) => real.truncate(length),
        datasync: async () => real.datasync(),
        close: async () => real.close(),
      };
    },
  };
  return disk;
}
