/** Terminals of the core through the whole chain: window, core, a network that can be cut, the backend, the real agent, a real shell. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeKeychain } from '../../main/core/vault/fake-keychain.ts';
import { terminals } from '../../protocol/api/terminals.ts';
import type { TerminalState } from '../../protocol/bridge/events.ts';
import { startLink, type CuttableLink } from '../e2e/product/cuttable-link.ts';
import { startBackend, type Account, type Backend } from './backend.ts';
import { openDesktop, type DesktopOptions, type TestDesktop } from './core/desktop.ts';
import { startMachine, type Machine } from './core/machine.ts';
import { signIn, stateOf } from './core/people.ts';
import { openScreen, type Screen } from './core/screen.ts';
import { aMachine } from './people.ts';

const run = promisify(execFile);
let backend: Backend;
let ada: Account;
let link: CuttableLink;
let machine: Machine;
let agentId = '';
beforeAll(async () => {
  await run(process.execPath, [join(import.meta.dirname, '../../scripts/build.mjs'), 'agent']);
  backend = await startBackend();
  ada = await backend.signUp();
  const made = await aMachine(backend, await backend.signIn(ada), { name: 'crane' });
  agentId = made.agentId;
  machine = await startMachine(backend.url, made.registrationToken);
  link = await startLink(backend.port);
});
afterAll(async () => {
  await link[Symbol.asyncDispose]();
  await machine[Symbol.asyncDispose]();
  await backend[Symbol.asyncDispose]();
});

async function opened(options: DesktopOptions = {}) {
  link.mend();
  const desktop = await openDesktop({ env: {}, ...options });
  const account = await signIn(desktop, link, ada);
  await expect.poll(() => stateOf(desktop)).toBe('online');
  return { desktop, account };
}
async function openTerminal(desktop: TestDesktop, account: string): Promise<string> {
  const answer = await desktop.window.call('terminals.open', { account, agent_id: agentId, cols: 80, rows: 24 });
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value.terminal;
}
const state = (desktop: TestDesktop, terminal: string): TerminalState | undefined =>
  desktop.window.latest('terminals.changed')?.find((each) => each.terminal === terminal)?.state;
const isAt = (desktop: TestDesktop, terminal: string, at: TerminalState['at']) =>
  expect.poll(() => state(desktop, terminal)?.at, { timeout: 15_000 }).toBe(at);
const shows = (screen: Screen, text: string | RegExp) =>
  expect.poll(() => screen.text(), { timeout: 15_000 }).toMatch(text);
/** Opened, attached, with a screen. */
async function atWork(desktop: TestDesktop, account: string): Promise<{ terminal: string; screen: Screen }> {
  const terminal = await openTerminal(desktop, account);
  const screen = openScreen(desktop.window, terminal);
  await isAt(desktop, terminal, 'attached');
  return { terminal, screen };
}
/** Those the server knows to be alive. */
async function liveSessions(): Promise<readonly string[]> {
  const { token } = await backend.signIn(ada);
  const answer = await backend.request('GET', '/api/terminal/sessions', { token });
  return terminals.list.answer[200].parse(answer.body).sessions.map((session) => session.session_id);
}
const sessionOf = (desktop: TestDesktop, terminal: string): string =>
  desktop.window.latest('terminals.changed')?.find((each) => each.terminal === terminal)?.session_id ?? '';
const isLive = (session: string) => expect.poll(liveSessions, { timeout: 15_000 }).toContain(session);
const isOver = (session: string) => expect.poll(liveSessions, { timeout: 15_000 }).not.toContain(session);

describe('a terminal', () => {
  it('is opened, typed into, resized, and tells how it ended', async () => {
    const { desktop, account } = await opened();
    await using _ = desktop;
    const { terminal, screen } = await atWork(desktop, account);
    screen.type('echo "sum: $((40+2))"\r');
    await shows(screen, /sum: 42\r/);
    screen.resize(101, 31);
    screen.type('stty size\r');
    await shows(screen, /31 101\r/);
    screen.type('exit 3\r');
    await isAt(desktop, terminal, 'ended');
    expect(state(desktop, terminal)).toMatchObject({ at: 'ended', exit_code: 3, reason: 'exited' });
    expect(screen.last('exit')).toMatchObject({ exit_code: 3 });
    expect(screen.missing).toBe(0);
  });

  it('is one of many, each with its own shell', async () => {
    const { desktop, account } = await opened();
    await using _ = desktop;
    const screens = await Promise.all(
      ['one', 'two', 'three'].map(async (name) => {
        const { screen } = await atWork(desktop, account);
        screen.type(`here=${name}\r`);
        return screen;
      }),
    );
    for (const screen of screens) screen.type('echo "this is <$here>"\r');
    for (const [n, name] of ['one', 'two', 'three'].entries()) await shows(screens[n] ?? never(), `this is <${name}>`);
  });

  it('that was renamed keeps its name; an empty name is the machine’s', async () => {
    const { desktop, account } = await opened();
    await using _ = desktop;
    const terminal = await openTerminal(desktop, account);
    const title = () => desktop.window.latest('terminals.changed')?.[0]?.title;
    await expect.poll(title).toBe('crane');
    await desktop.window.call('terminals.rename', { terminal, title: 'deploy' });
    await expect.poll(title).toBe('deploy');
    await desktop.window.call('terminals.rename', { terminal, title: ' ' });
    await expect.poll(title).toBe('crane');
  });

  it('that is none is unknown-terminal', async () => {
    const { desktop, account } = await opened();
    await using _ = desktop;
    const terminal = 'no-such-terminal';
    for (const answer of [
      await desktop.window.call('terminals.close', { terminal }),
      await desktop.window.call('terminals.keep', { terminal }),
      await desktop.window.call('terminals.rename', { terminal, title: 'x' }),
    ]) {
      expect(answer).toMatchObject({ ok: false, failure: { code: 'unknown-terminal' } });
    }
    const wish = { account: 'nobody', agent_id: agentId, cols: 80, rows: 24 };
    expect(await desktop.window.call('terminals.open', wish)).toMatchObject({ failure: { code: 'unknown-account' } });
    expect(account).not.toBe('nobody');
  });
});

describe('when the connection breaks', () => {
  it('scrollback lost on reconnect: it stays, and nothing is lost or doubled in either direction', async () => {
    const { desktop, account } = await opened({ random: () => 0.1 });
    await using _ = desktop;
    const { terminal, screen } = await atWork(desktop, account);
    screen.type(
      'stty -echo; for n in $(seq 1 60); do echo "line $n end"; sleep 0.05; done; read said; echo "said <$said>"\r',
    );
    await shows(screen, 'line 5 end');
    link.cut();
    await isAt(desktop, terminal, 'reconnecting');
    screen.type('typed while away\r');
    link.mend();
    await shows(screen, /said <typed while away>/);
    const lines = screen.text().match(/line \d+ end/g);
    expect(lines).toEqual(Array.from({ length: 60 }, (_each, n) => `line ${n + 1} end`));
    expect(screen.missing).toBe(0);
    expect(screen.last('attached')?.fresh).toBe(false);
  });

  it('the window is told why, and when the next try is; the person need not wait for it', async () => {
    const { desktop, account } = await opened({ random: () => 1 });
    await using _ = desktop;
    const { terminal, screen } = await atWork(desktop, account);
    link.cut();
    const wait = (): number => {
      const now = state(desktop, terminal);
      return now?.at === 'reconnecting' ? Date.parse(now.next_try_at ?? '') - Date.now() : 0;
    };
    await expect.poll(wait, { timeout: 15_000 }).toBeGreaterThan(3_000);
    expect(state(desktop, terminal)).toMatchObject({ at: 'reconnecting', why: { code: 'cut-off' } });
    link.mend();
    const at = performance.now();
    screen.retry();
    await isAt(desktop, terminal, 'attached');
    expect(performance.now() - at).toBeLessThan(2_000);
  });

  it('frozen after sleep: a dead connection is made anew at once when the computer wakes', async () => {
    const { desktop, account } = await opened();
    await using _ = desktop;
    const { screen } = await atWork(desktop, account);
    link.stall(); // as after a sleep: the socket is there, and nothing will ever come
    link.cut();
    link.mend();
    desktop.wake();
    screen.type('echo "awake $((6*7))"\r');
    await shows(screen, 'awake 42');
  });

  it('wake sends stale input into another shell: what was typed long before waits for the person’s word', async () => {
    const slept = { ms: 0 };
    const moment = () => ({ monotonic: performance.now(), wall: Date.now() + slept.ms });
    for (const send of [false, true]) {
      const { desktop, account } = await opened({ moment });
      await using _ = desktop;
      const { terminal, screen } = await atWork(desktop, account);
      screen.type('echo "ready $((1+1))"\r');
      await shows(screen, 'ready 2');
      link.cut();
      await isAt(desktop, terminal, 'reconnecting');
      screen.type('echo "stale $((2+2))"\r');
      await expect.poll(() => screen.last('kept')?.bytes).toBeGreaterThan(0);
      slept.ms += 3_600_000;
      link.mend();
      desktop.wake();
      await expect.poll(() => screen.last('kept'), { timeout: 15_000 }).toMatchObject({ ask: true });
      expect(screen.last('kept')?.preview).toContain('stale');
      screen.answerKept(send);
      screen.type('echo "after $((3+3))"\r');
      await shows(screen, 'after 6');
      expect(screen.text().includes('stale 4')).toBe(send);
    }
  });

  it('a shell that ends meanwhile shows its end', async () => {
    const { desktop, account } = await opened({ random: () => 0.1 });
    await using _ = desktop;
    const { terminal, screen } = await atWork(desktop, account);
    const goOn = join(machine.folder, 'go-on');
    const gone = join(machine.folder, 'gone');
    screen.type(`trap 'touch ${gone}' EXIT; until [ -e ${goOn} ]; do sleep 0.1; done; echo last words; exit 7\r`);
    await shows(screen, 'exit 7');
    link.cut();
    await isAt(desktop, terminal, 'reconnecting');
    await writeFile(goOn, '');
    await expect.poll(() => existsSync(gone), { timeout: 15_000 }).toBe(true); // where nobody sees it
    link.mend();
    await isAt(desktop, terminal, 'ended');
    expect(state(desktop, terminal)).toMatchObject({ exit_code: 7 });
    await shows(screen, 'last words');
  });
});

describe('windows', () => {
  it('a reloaded window gets all of it again, and the former one is closed', async () => {
    const { desktop, account } = await opened();
    await using _ = desktop;
    const { terminal, screen: first } = await atWork(desktop, account);
    first.type('echo "one $((1+0))"\r');
    await shows(first, 'one 1');
    const second = openScreen(desktop.openWindow(), terminal);
    await shows(second, 'one 1');
    second.type('echo "two $((1+1))"\r');
    await shows(second, 'two 2');
    expect(first.text()).not.toContain('two 2');
  });

  it('without any, the shell goes on, and whoever comes sees what it did', async () => {
    const { desktop, account } = await opened();
    await using _ = desktop;
    const { terminal, screen: first } = await atWork(desktop, account);
    first.type('sleep 0.5; echo "unseen $((4+4))"\r');
    await shows(first, 'sleep 0.5');
    first.close();
    const second = openScreen(desktop.openWindow(), terminal);
    await shows(second, 'unseen 8');
  });
});

describe('after a restart', () => {
  it('restore brings all back: every terminal, its name, its shell and what it showed', async () => {
    const { desktop, account } = await opened();
    const names = ['alpha', 'beta', 'gamma'];
    const ids: string[] = [];
    for (const name of names) {
      const { terminal, screen } = await atWork(desktop, account);
      await desktop.window.call('terminals.rename', { terminal, title: name });
      screen.type(`mine=${name}; echo "before <$mine>"\r`);
      await shows(screen, `before <${name}>`);
      ids.push(terminal);
    }
    await using again = await desktop.restart();
    await expect
      .poll(() => again.window.latest('terminals.changed')?.map(({ terminal, title }) => [terminal, title]))
      .toEqual(ids.map((id, n) => [id, names[n]]));
    for (const [n, id] of ids.entries()) {
      const screen = openScreen(again.window, id);
      await isAt(again, id, 'attached');
      screen.type('echo "after <$mine>"\r');
      await shows(screen, `after <${names[n]}>`);
      expect(screen.text()).toContain(`before <${names[n]}>`);
    }
  });

  it('one whose shell ended meanwhile says so', async () => {
    const { desktop, account } = await opened();
    const { terminal } = await atWork(desktop, account);
    const session = sessionOf(desktop, terminal);
    await using again = await desktop.restart();
    const { token } = await backend.signIn(ada);
    await backend.request('DELETE', `/api/terminal/sessions/${session}`, { token });
    openScreen(again.window, terminal);
    await isAt(again, terminal, 'ended');
  });
});

describe('closing', () => {
  it('ends the session after a short while in which it can be taken back', async () => {
    const { desktop, account } = await opened({ undoMs: 800 });
    await using _ = desktop;
    const { terminal, screen } = await atWork(desktop, account);
    const session = sessionOf(desktop, terminal);
    expect(await desktop.window.call('terminals.close', { terminal })).toEqual({ ok: true, value: { undo_ms: 800 } });
    await isAt(desktop, terminal, 'closing');
    await desktop.window.call('terminals.keep', { terminal });
    await isAt(desktop, terminal, 'attached');
    screen.type('echo "still $((5+5))"\r');
    await shows(screen, 'still 10');
    await isLive(session);
    await desktop.window.call('terminals.close', { terminal });
    await expect.poll(() => desktop.window.latest('terminals.changed')).toEqual([]);
    await isOver(session);
  });

  it('zombie sessions: one that was closed while the server was away is ended when the app is there again', async () => {
    const { desktop, account } = await opened({ undoMs: 60_000 });
    const { terminal } = await atWork(desktop, account);
    const session = sessionOf(desktop, terminal);
    link.cut();
    await isAt(desktop, terminal, 'reconnecting');
    await desktop.window.call('terminals.close', { terminal });
    await using again = await desktop.restart();
    await isLive(session);
    link.mend();
    again.wake();
    await isOver(session);
    expect(again.window.latest('terminals.changed')).toEqual([]);
  });

  it('zombie sessions: closing the app right after a terminal leaves none', async () => {
    const { desktop, account } = await opened({ undoMs: 60_000 });
    const { terminal } = await atWork(desktop, account);
    const session = sessionOf(desktop, terminal);
    await desktop.window.call('terminals.close', { terminal });
    await desktop[Symbol.asyncDispose]();
    await isOver(session);
  });
});

describe('an account', () => {
  it('that is signed out takes its terminals with it', async () => {
    const { desktop, account } = await opened();
    await using _ = desktop;
    const { terminal } = await atWork(desktop, account);
    expect(state(desktop, terminal)?.at).toBe('attached');
    await desktop.window.call('accounts.sign-out', { account });
    await expect.poll(() => desktop.window.latest('terminals.changed')).toEqual([]);
  });

  it('that expired keeps them, and they go on when the person has signed in again', async () => {
    const keychain = fakeKeychain();
    const { desktop, account } = await opened({ keychain });
    await using _ = desktop;
    const { terminal, screen } = await atWork(desktop, account);
    screen.type('mine=kept\r');
    const token = /"token":"([^"]+)"/.exec(keychain.entries.get(account) ?? '')?.[1] ?? '';
    await backend.request('POST', '/api/auth/logout', { token });
    await expect
      .poll(() => state(desktop, terminal))
      .toMatchObject({ at: 'reconnecting', why: { code: 'signed-out' } });
    await signIn(desktop, link, ada);
    await isAt(desktop, terminal, 'attached');
    screen.type('echo "still <$mine>"\r');
    await shows(screen, 'still <kept>');
  });
});

describe('what cannot be opened', () => {
  it('because the machine is away says so', async () => {
    const { desktop, account } = await opened();
    await using _ = desktop;
    const made = await desktop.window.call('machines.create', { account, name: 'never there' });
    if (!made.ok) throw new Error(made.failure.message);
    const wish = { account, agent_id: made.value.agent_id, cols: 80, rows: 24 };
    const answer = await desktop.window.call('terminals.open', wish);
    if (!answer.ok) throw new Error(answer.failure.message);
    await expect
      .poll(() => state(desktop, answer.value.terminal))
      .toMatchObject({ at: 'failed', failure: { code: 'machine-offline' } });
  });

  it('because there is no such machine says so', async () => {
    const { desktop, account } = await opened();
    await using _ = desktop;
    const wish = { account, agent_id: randomUUID(), cols: 80, rows: 24 };
    const answer = await desktop.window.call('terminals.open', wish);
    if (!answer.ok) throw new Error(answer.failure.message);
    await expect
      .poll(() => state(desktop, answer.value.terminal))
      .toMatchObject({ at: 'failed', failure: { code: 'not-found' } });
  });
});

function never(): never {
  throw new Error('not there');
}

describe('a session that lives already', () => {
  it('is adopted with what it showed, by another desktop of the same person, and only once', async () => {
    const { desktop, account } = await opened();
    const { terminal, screen } = await atWork(desktop, account);
    screen.type('mine=adopted; echo "seen $((6+7))"\r');
    await shows(screen, 'seen 13');
    const session = sessionOf(desktop, terminal);
    await desktop[Symbol.asyncDispose]();

    const other = await opened();
    await using _ = other.desktop;
    const wish = { account: other.account, agent_id: agentId, session_id: session, take: true, cols: 80, rows: 24 };
    const answer = await other.desktop.window.call('terminals.adopt', wish);
    if (!answer.ok) throw new Error(answer.failure.message);
    expect(answer.value.terminal).not.toBe(terminal);
    const second = openScreen(other.desktop.window, answer.value.terminal);
    await shows(second, 'seen 13');
    await expect.poll(() => state(other.desktop, answer.value.terminal)).toEqual({ at: 'attached', mode: 'control' });
    second.type('echo "still <$mine>"\r');
    await shows(second, 'still <adopted>');
    expect(await other.desktop.window.call('terminals.adopt', wish)).toEqual(answer);
    expect(other.desktop.window.latest('terminals.changed')?.length).toBe(1);
  });
});
