/** The log of what ran on machines: from a real shell to who may read it, and what an agent that lies or stumbles can do to it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { commands, type CommandLog } from '../../protocol/api/commands.ts';
import { terminals } from '../../protocol/api/terminals.ts';
import type { CommandReport } from '../../protocol/wire/control.ts';
import { startBackend, type Answered, type Backend } from './backend.ts';
import { startCuttable } from './cuttable.ts';
import { aMachineHere } from './machine-here.ts';
import { aColleague, aJoinedMachine, anAdmin, audit, grant, type Person } from './people.ts';
import { reported, type AgentTalk, type ScriptedAgent } from './scripted-agent.ts';
import { openScreen } from './screen.ts';
import { connectTerminal } from './terminal-client.ts';

let backend: Backend;
let admin: Person;
beforeAll(async () => {
  backend = await startBackend({ machines: { reconnectSpreadS: 0.1 } });
  admin = await anAdmin(backend);
});
afterAll(() => backend[Symbol.asyncDispose]());

const get = (path: string, who: Person): Promise<Answered> => backend.request('GET', path, { token: who.token });
const logs = async (who: Person, agentId: string, query = ''): Promise<CommandLog[]> =>
  commands.logs.answer[200].parse((await get(`/api/machines/${agentId}/logs${query}`, who)).body).logs;
const lines = (found: readonly CommandLog[]): string[] => found.map(({ command }) => command);
const search = async (who: Person, agentId: string, q: string): Promise<string[]> => {
  const answer = await get(`/api/machines/${agentId}/logs/search?${new URLSearchParams({ q }).toString()}`, who);
  return lines(commands.searchLogs.answer[200].parse(answer.body).logs);
};
const eventually = <T>(check: () => Promise<T>) => vi.waitFor(check, { timeout: 20_000, interval: 50 });

describe('what runs in a real shell', () => {
  it('is in the machine’s log, the session’s and the audit: line, code, folder and time; a forged mark is not', async () => {
    await using machine = await aMachineHere(backend, admin);
    await using screen = await openScreen(backend, admin, machine.agentId);
    screen.type('cd /usr; echo in"to the log"\r');
    await screen.sees('into the log\r\n');
    screen.type(String.raw`printf '\033]633;W;x;run;1;/;rm -rf forged\007'; sh -c 'exit 4'; echo ov"e"r` + '\r');
    await screen.sees('over\r\n');
    screen.type('exit 3\r');
    const found = await eventually(async () => {
      const all = await logs(admin, machine.agentId);
      expect(all).toHaveLength(3);
      return all;
    });
    expect(found).toMatchObject([
      { command: 'exit 3', exit_code: 3, success: false, cwd: '/usr' },
      { captured: 'shell', exit_code: 0, success: true, cwd: '/usr' },
      { command: 'cd /usr; echo in"to the log"', exit_code: 0, success: true, captured: 'shell', cut: false },
    ]);
    for (const log of found) {
      expect(log).toMatchObject({ user_id: admin.userId, username: admin.username, session_id: screen.sessionId });
      expect(log.duration_ms).toBeGreaterThanOrEqual(0);
    }
    const session = await get(`/api/sessions/${screen.sessionId}`, admin);
    const shown = terminals.get.answer[200].parse(session.body);
    expect(lines(shown.logs)).toEqual(lines(found).toReversed());
    expect(shown.session).toMatchObject({ session_id: screen.sessionId, username: admin.username });
    const entries = (await audit(backend, admin)).filter(({ action }) => action === 'command_executed');
    expect(entries.map(({ detail }) => detail)).toMatchObject(
      lines(found)
        .toReversed()
        .map((command) => ({ command, captured: 'shell', session_id: screen.sessionId })),
    );
    expect(entries[0]).toMatchObject({ resource: machine.agentId, username: admin.username });
    expect(backend.logged.join('\n')).not.toContain('into the log');
  });

  it('is told once, after a link that was cut in between', async () => {
    const way = await startCuttable(backend.port);
    await using machine = await aMachineHere(backend, admin, { host: way.url });
    await using screen = await openScreen(backend, admin, machine.agentId);
    screen.type('echo first\r');
    await screen.sees('first\r\n');
    screen.type('sleep 0.3; echo la"te"r\r');
    await screen.sees('sleep 0.3');
    way.cut();
    await screen.client.next('detached');
    await eventually(async () =>
      expect(lines(await logs(admin, machine.agentId))).toEqual(['sleep 0.3; echo la"te"r', 'echo first']),
    );
    await way[Symbol.asyncDispose]();
  });
});

/** A session of this person on a scripted machine, and the agent's end of it. */
async function aSession(agent: ScriptedAgent, person: Person): Promise<{ link: AgentTalk; sessionId: string }> {
  const link = await agent.connect();
  await using client = await connectTerminal(backend, person, agent.agentId);
  client.say({ type: 'open', open_id: randomUUID(), cols: 80, rows: 24 });
  const { session_id: sessionId } = await link.next('open');
  link.say({ type: 'opened', session_id: sessionId });
  await client.next('opened');
  return { link, sessionId };
}

let reportedLines = 0;
function report(seq: number, sessionId: string, change: Partial<CommandReport> = {}): CommandReport {
  reportedLines += 1;
  const at = new Date(Date.UTC(2026, 0, 1) + reportedLines * 1000).toISOString();
  const about = { exit_code: 0, started_at: at, ended_at: at, cwd: '/srv', captured: 'shell' } as const;
  return { type: 'command', seq, session_id: sessionId, command: `line ${seq}`, ...about, ...change };
}

async function tell(link: AgentTalk, ...reports: readonly CommandReport[]): Promise<void> {
  for (const each of reports) link.say(each);
  for (let seq = 0; seq < (reports.at(-1)?.seq ?? 0);) seq = (await link.next('received')).seq;
}

describe('what agents report', () => {
  it('is stored once, however often it is told, and heard in its order', async () => {
    const agent = await aJoinedMachine(backend, admin);
    const { link, sessionId } = await aSession(agent, admin);
    const three = [1, 2, 3].map((seq) => report(seq, sessionId));
    await tell(link, ...three);
    await link[Symbol.asyncDispose]();
    await using again = await agent.connect({ sessions: [reported(sessionId)] });
    await tell(again, ...three.slice(1), report(4, sessionId));
    expect(lines(await logs(admin, agent.agentId))).toEqual(['line 4', 'line 3', 'line 2', 'line 1']);
    const entries = (await audit(backend, admin)).filter(({ resource }) => resource === agent.agentId);
    expect(entries.filter(({ action }) => action === 'command_executed')).toHaveLength(4);
  });

  it('of another process of the agent is another line, though its number is the same', async () => {
    const agent = await aJoinedMachine(backend, admin);
    const { link, sessionId } = await aSession(agent, admin);
    await tell(link, report(1, sessionId, { command: 'before' }));
    await link[Symbol.asyncDispose]();
    await using again = await agent.connect({ boot_id: randomUUID(), sessions: [reported(sessionId)] });
    await tell(again, report(1, sessionId, { command: 'after' }));
    expect(lines(await logs(admin, agent.agentId))).toEqual(['after', 'before']);
  });

  it('of a session that is not its own comes to nothing', async () => {
    const [agent, other] = [await aJoinedMachine(backend, admin), await aJoinedMachine(backend, admin)];
    const { link, sessionId } = await aSession(agent, admin);
    await using foreign = await other.connect();
    await tell(foreign, report(1, sessionId, { command: 'forged' }), report(2, randomUUID(), { command: 'forged' }));
    expect(await logs(admin, agent.agentId)).toEqual([]);
    expect(await logs(admin, other.agentId)).toEqual([]);
    await link[Symbol.asyncDispose]();
  });

  it('without a code is neither success nor failure; cut and missed lines are said', async () => {
    const agent = await aJoinedMachine(backend, admin);
    const { link, sessionId } = await aSession(agent, admin);
    const typed = { captured: 'typed', exit_code: null, ended_at: null, cwd: null, cut: true, missed: 12 } as const;
    await tell(link, report(1, sessionId, { ...typed, command: 'so much\0' }));
    expect(await logs(admin, agent.agentId)).toMatchObject([
      { command: 'so much\uFFFD', success: null, captured: 'typed', duration_ms: null, cwd: null, cut: true },
    ]);
    expect((await audit(backend, admin)).at(-1)).toMatchObject({
      detail: { captured: 'typed', cut: true, missed: 12 },
    });
    await link[Symbol.asyncDispose]();
  });
});

describe('the log', () => {
  it('is found in by any part of a line, however it is written, and pages', async () => {
    const agent = await aJoinedMachine(backend, admin);
    const { link, sessionId } = await aSession(agent, admin);
    const all = ['ls -la', 'SELECT 100% of_it', String.raw`cut \ here`, 'Straße ÄÖ'];
    await tell(link, ...all.map((command, index) => report(index + 1, sessionId, { command })));
    expect(await search(admin, agent.agentId, 'LS')).toEqual(['ls -la']);
    expect(await search(admin, agent.agentId, '%')).toEqual(['SELECT 100% of_it']);
    expect(await search(admin, agent.agentId, 'f_i')).toEqual(['SELECT 100% of_it']);
    expect(await search(admin, agent.agentId, '_')).toEqual(['SELECT 100% of_it']);
    expect(await search(admin, agent.agentId, '\\')).toEqual([String.raw`cut \ here`]);
    expect(await search(admin, agent.agentId, 'äö')).toEqual(['Straße ÄÖ']);
    expect(await search(admin, agent.agentId, 'nowhere')).toEqual([]);
    expect((await get(`/api/machines/${agent.agentId}/logs/search`, admin)).status).toBe(400);
    const page = await get(`/api/machines/${agent.agentId}/logs?page=2&limit=3`, admin);
    expect(page.body).toMatchObject({ logs: [{ command: 'ls -la' }], total: 4 });
    await link[Symbol.asyncDispose]();
  });

  it('is read by whom a line is of, by the machine’s owner and by admins; sessions likewise', async () => {
    const owner = await aColleague(backend, admin);
    const [granted, other] = [await aColleague(backend, admin), await aColleague(backend, admin)];
    const agent = await aJoinedMachine(backend, owner);
    await grant(backend, granted, agent.agentId);
    await grant(backend, other, agent.agentId);
    const { link, sessionId } = await aSession(agent, granted);
    await tell(link, report(1, sessionId, { command: 'whoami' }));
    const stranger = await anAdmin(backend);
    for (const who of [granted, owner, admin]) {
      expect(lines(await logs(who, agent.agentId))).toEqual(['whoami']);
      expect(await search(who, agent.agentId, 'who')).toEqual(['whoami']);
      expect((await get(`/api/sessions/${sessionId}`, who)).body).toMatchObject({ logs: [{ command: 'whoami' }] });
      for (const list of ['sessions', 'sessions/active']) {
        const answer = await get(`/api/machines/${agent.agentId}/${list}`, who);
        expect(answer.body).toMatchObject({ sessions: [{ session_id: sessionId, username: granted.username }] });
      }
    }
    expect(await logs(other, agent.agentId)).toEqual([]);
    expect(await search(other, agent.agentId, 'who')).toEqual([]);
    expect((await get(`/api/machines/${agent.agentId}/sessions`, other)).body).toEqual({ sessions: [] });
    expect((await get(`/api/sessions/${sessionId}`, other)).status).toBe(404);
    for (const path of ['logs', 'logs/search?q=who', 'sessions', 'sessions/active'])
      expect((await get(`/api/machines/${agent.agentId}/${path}`, stranger)).status).toBe(404);
    expect((await get(`/api/sessions/${sessionId}`, stranger)).status).toBe(404);
    await link[Symbol.asyncDispose]();
  });

  it('of a session outlives its machine, and an ended session is in the list and not among the active ones', async () => {
    const agent = await aJoinedMachine(backend, admin);
    const { link, sessionId } = await aSession(agent, admin);
    await tell(link, report(1, sessionId, { command: 'last words' }));
    await backend.request('DELETE', `/api/terminal/sessions/${sessionId}`, { token: admin.token });
    expect((await get(`/api/machines/${agent.agentId}/sessions/active`, admin)).body).toEqual({ sessions: [] });
    expect((await get(`/api/machines/${agent.agentId}/sessions?limit=5`, admin)).body).toMatchObject({
      sessions: [{ session_id: sessionId, status: 'closed' }],
      total: 1,
    });
    await backend.request('DELETE', `/api/machines/${agent.agentId}`, { token: admin.token });
    expect((await get(`/api/sessions/${sessionId}`, admin)).body).toMatchObject({ logs: [{ command: 'last words' }] });
    await link[Symbol.asyncDispose]();
  });
});
