/** The Windows terminal, on a console made up for the test: text on its side, bytes on ours. */
import { EventEmitter } from 'node:events';
import type { IPty, spawn } from '@lydell/node-pty';
import { describe, expect, it } from 'vitest';
import type { Ended } from './pty.ts';
import { startWindowsPty } from './windows-pty.ts';

function createConsole() {
  const written: string[] = [];
  const calls: string[] = [];
  const events = new EventEmitter();
  const subscription = { dispose: () => undefined };
  const console: IPty = {
    pid: 7,
    cols: 80,
    rows: 24,
    process: 'pwsh',
    handleFlowControl: false,
    onData: (listener) => {
      events.on('data', (text: string) => void listener(text));
      return subscription;
    },
    onExit: (listener) => {
      events.on('exit', (exit: { exitCode: number }) => void listener(exit));
      return subscription;
    },
    write: (text) => written.push(String(text)),
    resize: (cols, rows) => calls.push(`resize ${cols} ${rows}`),
    pause: () => calls.push('pause'),
    resume: () => calls.push('resume'),
    clear: () => undefined,
    kill: () => {
      calls.push('kill');
      events.emit('exit', { exitCode: 1 });
    },
  };
  return {
    console,
    written,
    calls,
    data: (text: string) => events.emit('data', text),
    exit: (exitCode: number) => events.emit('exit', { exitCode }),
  };
}

function start() {
  const made = createConsole();
  const output: string[] = [];
  const ended: Ended[] = [];
  const spawned: Parameters<typeof spawn>[] = [];
  const pty = startWindowsPty(
    (...args) => {
      spawned.push(args);
      return made.console;
    },
    { file: 'pwsh.exe', args: ['-NoLogo'], env: { TERM: 'xterm-256color' }, cwd: 'C:\\' },
    { cols: 80, rows: 24 },
    {
      output: (bytes) => output.push(Buffer.from(bytes).toString('hex')),
      writable: () => undefined,
      exited: (how) => ended.push(how),
    },
  );
  return { ...made, pty, output, ended, spawned };
}

describe('a pseudo-console', () => {
  it('starts with that environment and size', () => {
    const { spawned, pty } = start();
    expect(spawned).toMatchObject([['pwsh.exe', ['-NoLogo'], { cols: 80, rows: 24, env: { TERM: 'xterm-256color' } }]]);
    expect(pty.pid).toBe(7);
  });

  it('gives its text as UTF-8', () => {
    const { data, output } = start();
    data('ä漢');
    expect(output).toEqual(['c3a4e6bca2']);
  });

  it('gets a character whole that came in two pieces, and counts the bytes as taken', () => {
    const { pty, written } = start();
    const bytes = Buffer.from('a漢');
    expect(pty.write(bytes.subarray(0, 2))).toBe(2);
    expect(pty.write(bytes.subarray(2))).toBe(2);
    expect(written.join('')).toBe('a漢');
  });

  it('is held, released and resized while it lives, and left alone after its end', () => {
    const { pty, calls, exit, ended, written } = start();
    pty.pause();
    pty.resume();
    pty.resize({ cols: 100, rows: 30 });
    exit(3);
    pty.pause();
    pty.resize({ cols: 1, rows: 1 });
    pty.write(Buffer.from('late'));
    expect(calls).toEqual(['pause', 'resume', 'resize 100 30']);
    expect(written).toEqual([]);
    expect(ended).toEqual([{ exitCode: 3, signal: null }]);
  });

  it('a hang-up closes the console and waits for its end', async () => {
    const { pty, calls, ended } = start();
    await pty.hangUp(1_000);
    await pty.hangUp(1_000);
    expect(calls).toEqual(['kill']);
    expect(ended).toHaveLength(1);
  });
});
