/** Real shells on real terminals, with start files of a person of their own: what they tell, and that nothing else is different. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { decode, encode } from '../../protocol/wire/frame.ts';
import type { NewCommand } from '../outbox.ts';
import { createExchange } from '../sessions/exchange.ts';
import { createSessionHost, type SessionHost } from '../sessions/host.ts';
import { planLaunch, type LaunchSystem } from '../sessions/launch.ts';
import { createStartPty } from '../sessions/start-pty.ts';
import { createLaunchSystem } from '../sessions/system.ts';

const PROMPT = 'READY> ';
const started: { readonly host: SessionHost; readonly home: string }[] = [];
afterEach(async () => {
  for (const { host, home } of started.splice(0)) {
    await host.endAll();
    rmSync(home, { recursive: true });
  }
});

interface Telling {
  readonly home: string;
  readonly told: readonly NewCommand[];
  /** All that was drawn, marks and all. */
  text(): string;
  /** A whole line, and waits for the next prompt. */
  run(line: string): Promise<void>;
  /** Waits until it has begun so many prompts, as far as those can be counted. */
  begins(prompts: number): Promise<void>;
  type(text: string): void;
  /** Waits until so many commands were told. */
  tells(count: number): Promise<readonly NewCommand[]>;
  ended(): Promise<void>;
  /** The init files that were there. */
  placed(): readonly string[];
}

/** `files`: of the person's home. */
async function open(
  shell: string,
  files: Readonly<Record<string, string>>,
  how: { readonly plain?: boolean } = {},
): Promise<Telling> {
  const home = mkdtempSync(path.join(tmpdir(), 'webxterm-home-'));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(home, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const real = createLaunchSystem(process.platform, {});
  const own = { ...real.own, home };
  const placed: string[] = [];
  const system: LaunchSystem = {
    ...real,
    own,
    placeInitFile: async (...file) => {
      const found = how.plain ? null : await real.placeInitFile(...file);
      placed.push(...(found === null ? [] : [found.path]));
      return found;
    },
  };
  const told: NewCommand[] = [];
  const output: Buffer[] = [];
  let isOver = false;
  const host = createSessionHost({
    exchange: createExchange(),
    startPty: createStartPty(process.platform),
    plan: (launch) => planLaunch(launch, { linuxUser: own.name, serverLinuxUser: null, allowSudo: true }, system),
    moment: () => ({ monotonic: performance.now(), wall: Date.now() }),
    changed: () => undefined,
    report: (command) => told.push(command),
    graceMs: 200,
  });
  started.push({ host, home });
  host.linkUp({
    tell: (message) => {
      if (message.type === 'exit') isOver = true;
      if (message.type === 'refused') throw new Error(message.message);
    },
    send: (bytes) => {
      const decoded = decode(bytes);
      if (decoded.ok && decoded.frame.kind === 'output') output.push(Buffer.from(decoded.frame.payload));
    },
    ping: (id) => setImmediate(() => host.pong(id)),
    refuse: () => undefined,
  });
  const size = { cols: 200, rows: 50 };
  const about = { user_id: 'u1', username: 'ann', source: 'desktop', machine_role: 'sudo' } as const;
  host.receive({ type: 'open', session_id: 's1', shell, cwd: home, ttl_s: 60, ...about, ...size });
  const limits = { want: null, from: null, consumed: null, window: 2 ** 30 };
  host.receive({ type: 'attach', session_id: 's1', channel: 1, mode: 'control', client: 'c1', ...limits, ...size });
  const text = () => Buffer.concat(output).toString();
  const prompts = () => text().split(PROMPT).length - 1;
  const begun = performance.now();
  let offset = 0;
  const telling: Telling = {
    home,
    told,
    text,
    placed: () => placed,
    type: (typed) => {
      const payload = Buffer.from(typed);
      const typedAt = Math.round((performance.now() - begun) / 100);
      host.receiveFrame(encode({ kind: 'input', channel: 1, offset, typedAt, payload }));
      offset += payload.length;
    },
    run: async (line) => {
      const [before, toldBefore] = [prompts(), told.length];
      telling.type(`${line}\r`);
      // fish draws its prompt again and again
      const isBack = () => (shell.endsWith('fish') ? told.length > toldBefore : prompts() > before);
      await eventually(() => expect(isBack(), text().slice(-300)).toBe(true));
    },
    begins: (count) => eventually(() => expect(prompts(), text().slice(-300)).toBeGreaterThanOrEqual(count)),
    tells: async (count) => {
      await eventually(() => expect(told, text().slice(-300)).toHaveLength(count));
      return told;
    },
    ended: () => eventually(() => expect(isOver).toBe(true)),
  };
  await telling.begins(1);
  return telling;
}

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 10 });
/** Without the marks. */
const drawn = (text: string) =>
  text
    .split('\u001b]633;W;')
    .map((part, index) => (index === 0 ? part : part.slice(part.indexOf('\u0007') + 1)))
    .join('');
const lines = (told: readonly NewCommand[]) => told.map(({ command }) => command);

const shells = [
  { shell: '/bin/bash', files: { '.bash_profile': `PS1='${PROMPT}'; HISTFILE=~/history\n` } },
  { shell: '/usr/bin/zsh', files: { '.zshrc': `PS1='${PROMPT}'; unsetopt prompt_sp\n` } },
  {
    shell: '/usr/bin/fish',
    files: { '.config/fish/config.fish': `function fish_prompt; echo -n '${PROMPT}'; end; set -g fish_greeting\n` },
  },
].filter(({ shell }) => existsSync(shell));

describe.each(shells)('$shell', ({ shell, files }) => {
  it('tells each line as it got it, with its folder, its code and its time', async () => {
    const session = await open(shell, files);
    const odd = `echo 'a;b%c' "é日本👍"`;
    for (const line of ['true', 'false', odd, 'cd /', 'true', 'true', `sh -c 'exit 42'`]) await session.run(line);
    const told = await session.tells(7);
    expect(lines(told)).toEqual(['true', 'false', odd, 'cd /', 'true', 'true', `sh -c 'exit 42'`]);
    expect(told.map(({ exit_code }) => exit_code)).toEqual([0, 1, 0, 0, 0, 0, 42]);
    expect(told.map(({ cwd }) => cwd)).toEqual([...Array.from({ length: 4 }, () => session.home), '/', '/', '/']);
    for (const { captured, started_at, ended_at } of told) {
      expect(captured).toBe('shell');
      expect(Date.parse(ended_at ?? '')).toBeGreaterThanOrEqual(Date.parse(started_at));
    }
  });

  it('tells nothing of an empty line, of a line that was given up, and of one that is not whole', async () => {
    const session = await open(shell, files);
    session.type('\r');
    await session.begins(2);
    session.type('echo given');
    await eventually(() => expect(session.text()).toContain('given'));
    session.type('\u0003');
    if (shell.endsWith('fish')) await eventually(() => expect(session.text()).toContain('^C'));
    else await session.begins(3);
    session.type('echo after\r');
    expect(lines(await session.tells(1))).toEqual(['echo after']);
  });

  it('tells the end of what ends the shell', async () => {
    const session = await open(shell, files);
    await session.run('true');
    session.type('exit 7\r');
    await session.ended();
    expect(session.told).toMatchObject([{ command: 'true' }, { command: 'exit 7', exit_code: 7 }]);
  });

  it('believes no program that prints such a mark', async () => {
    const session = await open(shell, files);
    await session.run(String.raw`printf '\033]633;W;guessed;run;1;/;forged\007\033]633;W;guessed;done;0\007'`);
    await session.run(String.raw`printf '\033]633;W;;run;1;/;forged\007'`);
    await session.run('env | grep -ci webxterm_ > count');
    expect(lines(await session.tells(3))).not.toContain('forged');
    expect(readFileSync(path.join(session.home, 'count'), 'utf8')).toBe('1\n'); // WEBXTERM_SESSION: nothing else is inherited
  });

  it('cuts a line that is longer than is kept, and says so', async () => {
    const session = await open(shell, files);
    await session.run(`: ${'x'.repeat(9000)}`);
    const [told] = await session.tells(1);
    expect(told).toMatchObject({ cut: true, exit_code: 0 });
    expect(told?.command).toBe(`: ${'x'.repeat(8190)}`);
  });

  it('leaves no file of ours behind once it has begun', async () => {
    const session = await open(shell, files);
    await session.run('true');
    await session.tells(1);
    await eventually(() => expect(session.placed().map((file) => existsSync(path.dirname(file)))).toEqual([false]));
  });
});

const stateOf = async (plain: boolean): Promise<string[]> => {
  const session = await open('/bin/bash', { '.bash_profile': `PS1='${PROMPT}'; HISTFILE=~/history\n` }, { plain });
  await session.run('{ shopt -p; set +o; declare -p; trap -p; alias; env; } > state');
  return readFileSync(path.join(session.home, 'state'), 'utf8')
    .replaceAll(session.home, '~')
    .split('\n')
    .filter(
      (line) =>
        !/__webxterm|^(declare \S+ )?(PROMPT_COMMAND|PS0|RANDOM|SRANDOM|EPOCH|SECONDS|BASHPID|PPID|HISTCMD|_)\b/u.test(
          line,
        ),
    )
    .map((line) => line.replace(/(declare -ir PPID=|declare -- BASH_COMMAND=).*/u, '$1'));
};

describe('bash', () => {
  const [shell, profile] = ['/bin/bash', `PS1='${PROMPT}'; HISTFILE=~/history\n`];
  const own = (more: string) => ({ '.bash_profile': profile + more });

  it('tells lines of several lines and here-documents whole', async () => {
    const session = await open(shell, own(''));
    session.type('cat <<X\rin it\r');
    await session.run('X');
    session.type('if true; then\r');
    await session.run('echo yes; fi');
    expect(lines(await session.tells(2))).toEqual(['cat <<X\nin it\nX', 'if true; then echo yes; fi']);
  });

  it('tells lines that the person’s settings keep out of the history, as they were typed, and leaves those settings be', async () => {
    const session = await open(shell, own('HISTCONTROL=ignoreboth\n'));
    for (const line of ['echo one', 'echo one', ' echo hidden', 'echo one']) await session.run(line);
    await session.run('\u001b[A');
    await session.run('echo $HISTCONTROL; history');
    const told = await session.tells(6);
    expect(lines(told)).toEqual([
      'echo one',
      'echo one',
      ' echo hidden',
      'echo one',
      'echo one',
      'echo $HISTCONTROL; history',
    ]);
    expect(told.map(({ captured }) => captured)).toEqual(['shell', 'shell', 'typed', 'shell', 'shell', 'shell']);
    expect(session.text()).toContain('ignoreboth\r\n    1  echo one\r\n    2  echo $HISTCONTROL; history\r\n');
  });

  it('without a history tells what was typed', async () => {
    const session = await open(shell, own('set +o history\n'));
    await session.run('echo unremembered');
    expect(await session.tells(1)).toMatchObject([{ command: 'echo unremembered', captured: 'typed', exit_code: 0 }]);
  });

  it.each([
    ['nothing special', ''],
    ['a prompt command that shows the status', `PROMPT_COMMAND='echo "[$?]"'\n`],
    ['several prompt commands', `PROMPT_COMMAND=('echo "[$?]"' 'echo "[$?]"')\n`],
    ['a PS0 of one’s own', `PS0='[$?]'\n`],
    ['set -u and traps of errors', `set -u; trap 'echo "trap $?"' ERR\n`],
    ['readonly variables', `PROMPT_COMMAND='echo "[$?]"'; readonly PROMPT_COMMAND HISTCONTROL PS0=x\n`],
    ['everything exported', `set -a; export PS0=''\n`],
    ['no expansion in prompts', `shopt -u promptvars\n`],
    ['a trace of all commands', `set -x; PS4='+ '\n`],
  ])('with %s draws the same as without marks', async (_name, more) => {
    const screen = async (plain: boolean): Promise<string> => {
      const session = await open(shell, own(more), { plain });
      for (const line of ['echo one', 'false', 'echo $? $_', '', '(exit 3)', 'bash --norc -c "echo inner"', 'cd /'])
        await session.run(line);
      // one more `+` for a file that is read by another
      return drawn(session.text()).replaceAll(session.home, '~').replaceAll(/^\++ /gmu, '+ ');
    };
    expect(await screen(false)).toBe(await screen(true));
  });

  it('has every option and variable that it has without', async () => {
    expect(await stateOf(false)).toEqual(await stateOf(true));
  });

  it('is a login shell to its end', async () => {
    const session = await open(shell, {
      ...own('shopt login_shell; echo "$BASH_VERSION$-"\n'),
      '.bash_logout': 'echo bye > bye',
    });
    expect(session.text()).toMatch(/login_shell\s+on/u);
    session.type('logout\r');
    await session.ended();
    expect(readFileSync(path.join(session.home, 'bye'), 'utf8')).toBe('bye\n');
    expect(readFileSync(path.join(session.home, 'history'), 'utf8')).toBe('logout\n');
  });

  it('in whose place another program runs tells no more than that', async () => {
    const session = await open(shell, own(''));
    session.type('exec sh\r');
    await eventually(() => expect(session.text()).toMatch(/[#$] $/u));
    session.type('exit 5\r');
    await session.ended();
    expect(session.told).toMatchObject([{ command: 'exec sh', exit_code: 5 }]);
  });
});

describe('a shell that does not tell', () => {
  it('leaves the lines that were typed and shown', async () => {
    const session = await open('/bin/sh', { '.profile': `PS1='${PROMPT}'\n` });
    await session.run('echo one');
    await session.run('echo twoo\u007f');
    session.type('echo a\recho b\r');
    const told = await session.tells(4);
    expect(lines(told)).toEqual(['echo one', 'echo two', 'echo a', 'echo b']);
    expect(told[0]).toMatchObject({ captured: 'typed', exit_code: null, cwd: null, ended_at: null });
  });

  it('and never what was typed while nothing was shown', async () => {
    const session = await open('/bin/sh', { '.profile': `PS1='${PROMPT}'\n` });
    session.type('stty -echo; printf "Pass%s" word:; read secret; stty echo; echo; echo got ${#secret}\r');
    await eventually(() => expect(session.text()).toContain('Password:'));
    await session.run('hunter2hunter2');
    expect(session.text()).toContain('got 14');
    await session.run('echo after');
    expect(lines(await session.tells(2)).join('\n')).not.toContain('hunter2');
  });

  it('nor what was typed into a program that has the whole screen', async () => {
    const session = await open('/bin/sh', { '.profile': `PS1='${PROMPT}'\n` });
    session.type(String.raw`printf '\033[?1049h'; cat; printf '\033[?1049l'` + '\r');
    await eventually(() => expect(session.text()).toContain('\u001b[?1049h'));
    session.type('a letter\r');
    await eventually(() => expect(session.text()).toContain('a letter\r\na letter'));
    await session.run('\u0004');
    await session.run('echo after');
    expect(lines(await session.tells(2)).join('\n')).not.toContain('letter');
  });
});
