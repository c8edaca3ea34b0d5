/** Real terminals: every byte, every ending, and nothing that is left. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readlinkSync } from 'node:fs';
import process from 'node:process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createStartPty } from './start-pty.ts';
import type { Ended, Pty } from './pty.ts';

const startPty = createStartPty(process.platform);
const size = { cols: 80, rows: 24 };

interface Started {
  readonly pty: Pty;
  readonly ended: Promise<Ended>;
  /** All output so far. */
  readonly text: () => string;
  /** Called when the terminal may take more input. */
  writable: () => void;
}
const running: Started[] = [];

function run(script: string, heard: (bytes: Uint8Array, pty: () => Pty) => void = () => undefined): Started {
  const parts: Buffer[] = [];
  let tellEnd: (ended: Ended) => void;
  const ended = new Promise<Ended>((resolve) => {
    tellEnd = resolve;
  });
  const command = { file: '/bin/sh', args: ['-c', script], env: { PATH: '/usr/bin:/bin' }, cwd: '/' };
  const pty: Pty = startPty(command, size, {
    output: (bytes) => {
      parts.push(Buffer.from(bytes));
      heard(bytes, () => pty);
    },
    writable: () => started.writable(),
    exited: (how) => tellEnd(how),
  });
  const started: Started = { pty, ended, text: () => Buffer.concat(parts).toString(), writable: () => undefined };
  running.push(started);
  return started;
}

const isLinuxRoot = process.platform === 'linux' && process.getuid?.() === 0;
const asAnother = (script: string) => run(`exec setpriv --reuid=60001 --clear-groups /bin/sh -c '${script}'`);

/** Command lines of the group's processes that are not dead; whether its orphans were buried is not this agent's business. */
function runningIn(group: number): readonly string[] {
  const listed = execFileSync('ps', ['-eo', 'pgid=,stat=,args='], { encoding: 'utf8' });
  return listed.split('\n').filter((line) => new RegExp(`^\\s*${group}\\s+[^Z]`, 'u').test(line));
}

function lowestFree(): number {
  const fd = openSync('/dev/null', 'r');
  closeSync(fd);
  return fd;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map(({ pty }) => pty.hangUp(100)));
});

/** Waits until it is so: as long as a busy computer may need. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 10 });

describe('output', () => {
  it('is whole when the program ends in the middle of a flood, time after time', async () => {
    const wanted = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\r\n`).join('').length;
    for (let round = 0; round < 25; round += 1) {
      const shell = run('seq 1 20000');
      await shell.ended;
      expect(shell.text().length).toBe(wanted);
    }
  });

  it('that was not read yet is not lost when the program ends while reading is paused', async () => {
    const shell = run('printf start; read line; seq 1 900; exit 3', (_, pty) => pty().pause());
    await eventually(() => expect(shell.text()).toBe('start'));
    shell.pty.write(Buffer.from('\n'));
    expect(await shell.ended).toEqual({ exitCode: 3, signal: null });
    expect(shell.text()).toContain('\r\n900\r\n');
  });

  it('is any byte, and wide characters stay whole', async () => {
    const shell = run(String.raw`stty raw; printf '\000\001\377\376 漢字 👩‍👩‍👧'`);
    await shell.ended;
    expect(shell.text()).toBe(Buffer.concat([Buffer.from([0, 1, 255, 254]), Buffer.from(' 漢字 👩‍👩‍👧')]).toString());
  });

  it('of a job in the background does not hold the end back', async () => {
    const shell = run('yes & echo over');
    expect(await shell.ended).toEqual({ exitCode: 0, signal: null });
    expect(shell.text()).toContain('over');
  });
});

describe('input', () => {
  it('to a program that does not read neither freezes the agent nor is lost: 20 KB are counted exactly', async () => {
    const shell = run('stty raw -echo; printf ready; sleep 0.4; head -c 20000 | tr -d x | wc -c');
    await eventually(() => expect(shell.text()).toContain('ready'));
    let left = 20_000;
    let slowest = 0;
    const push = () => {
      const began = performance.now();
      if (left > 0) left -= shell.pty.write(Buffer.alloc(left, 'x'));
      slowest = Math.max(slowest, performance.now() - began);
    };
    shell.writable = push;
    push();
    expect(left).toBeGreaterThan(0); // the terminal is full
    await shell.ended;
    expect(left).toBe(0);
    expect(shell.text()).toContain('ready0');
    expect(slowest).toBeLessThan(200);
  });

  it('to a program that ended is taken and forgotten', async () => {
    const shell = run('exit 0');
    await shell.ended;
    expect(shell.pty.write(Buffer.from('late'))).toBe(4);
  });
});

describe('size', () => {
  it('is what the program sees, from the start and after a change', async () => {
    const shell = run('stty size; read line; stty size');
    await eventually(() => expect(shell.text()).toContain('24 80'));
    shell.pty.resize({ cols: 132, rows: 50 });
    shell.pty.write(Buffer.from('\n'));
    await shell.ended;
    expect(shell.text()).toContain('50 132');
  });
});

describe('the end', () => {
  it('tells the signal that ended the program', async () => {
    expect(await run('kill -TERM $$').ended).toEqual({ exitCode: null, signal: 'SIGTERM' });
  });

  it('a hang-up ends a shell at once', async () => {
    const shell = run('read line');
    await shell.pty.hangUp(5_000);
    expect(await shell.ended).toEqual({ exitCode: null, signal: 'SIGHUP' });
  });

  it('a shell that ignores its hang-up is killed after the grace', async () => {
    const shell = run('trap "" HUP; printf ready; while :; do sleep 1; done');
    await eventually(() => expect(shell.text()).toBe('ready'));
    await shell.pty.hangUp(50);
    expect(await shell.ended).toEqual({ exitCode: null, signal: 'SIGKILL' });
  });

  it('a stopped shell is hung up too', async () => {
    const shell = run('printf ready; kill -STOP $$; read line');
    await eventually(() => expect(shell.text()).toBe('ready'));
    await shell.pty.hangUp(5_000);
    expect((await shell.ended).signal).toBe('SIGHUP');
  });

  it('leaves nothing of the shell, and nothing of what it started runs on', async () => {
    const shell = run('sleep 1000 | cat');
    await shell.pty.hangUp(1_000);
    expect(() => process.kill(shell.pty.pid, 0)).toThrow('ESRCH'); // not even as a zombie
    await eventually(() => expect(runningIn(shell.pty.pid)).toEqual([]));
  });

  it('gives every descriptor back', async () => {
    await run('true').ended; // whatever is loaded once
    const before = lowestFree();
    for (let round = 0; round < 10; round += 1) await run('true').ended;
    expect(lowestFree()).toBe(before);
  });
});

describe.runIf(isLinuxRoot)('a shell that this agent may not signal', () => {
  afterEach(() => process.seteuid?.(0));

  it('is hung up by the end of its terminal', async () => {
    const shell = asAnother('printf ready; read line');
    await eventually(() => expect(shell.text()).toBe('ready'));
    process.seteuid?.(60_002);
    await shell.pty.hangUp(50);
    expect(await shell.ended).toEqual({ exitCode: null, signal: 'SIGHUP' });
  });

  it('is not waited for when it ignores that', async () => {
    const shell = asAnother('trap "" HUP; printf ready; while :; do sleep 1; done');
    await eventually(() => expect(shell.text()).toBe('ready'));
    process.seteuid?.(60_002);
    await shell.pty.hangUp(50);
    expect(() => process.kill(shell.pty.pid, 0)).toThrow('EPERM'); // it is there
    process.seteuid?.(0);
    process.kill(-shell.pty.pid, 'SIGKILL');
    await shell.ended;
  });
});

describe.runIf(process.platform === 'linux')('what a shell gets of the agent', () => {
  it('no descriptor: neither files nor the terminals of other sessions, whatever gaps there are', async () => {
    const others = Array.from({ length: 6 }, () => run('read line'));
    const files = Array.from({ length: 30 }, () => openSync('/etc/hostname', 'r'));
    await Promise.all(others.filter((_, index) => [0, 1, 3].includes(index)).map((other) => other.pty.hangUp(100)));
    for (const file of files.splice(0, 20)) closeSync(file);

    const shell = run('for f in /proc/$$/fd/*; do readlink "$f"; done');
    await shell.ended;
    for (const file of files) closeSync(file);
    const links = shell.text().trim().split('\r\n');
    expect(links.length).toBeGreaterThanOrEqual(3);
    for (const link of links) expect(link).toMatch(/^\/dev\/pts\/\d+$/u);
    expect(readlinkSync('/proc/self/fd/0')).not.toBe(links[0]);
  });

  it('no ignored or blocked signal, so that Ctrl-C and pipes work as usual', async () => {
    const shell = run('grep -E "^Sig(Blk|Ign)" /proc/self/status');
    await shell.ended;
    expect(shell.text().replaceAll(/\s+/gu, ' ').trim()).toBe('SigBlk: 0000000000000000 SigIgn: 0000000000000000');
  });

  it('no environment but the one it is given', async () => {
    const shell = run('env');
    await shell.ended;
    const lines = shell.text().trim().split('\r\n');
    expect(new Set(lines.map((line) => line.split('=')[0]))).toEqual(new Set(['PATH', 'PWD']));
  });
});
