/** `npm start`'s script as a real process, and which processes stem from it. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { vi } from 'vitest';

export const root = path.resolve(import.meta.dirname, '../..');
/** Handed down to every process of one start, where Linux shows it. */
const markName = 'WEBXTERM_START_TEST';

export interface Starting extends AsyncDisposable {
  /** What it has printed so far. */
  readonly printed: () => string;
  /** Its exit code. */
  readonly exited: Promise<number | null>;
  /** Waits until this was printed; fails when it ends before. */
  sees(text: string | RegExp): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Command lines of what runs of it, itself included. */
  running(): Promise<readonly Running[]>;
}
export interface Running {
  readonly pid: number;
  readonly command: string;
}

export interface StartWish {
  readonly args: readonly string[];
  /** Arguments of Node itself. */
  readonly nodeArgs?: readonly string[];
  /** By a shell, as npm runs a script: signals of the test reach the shell alone. */
  readonly asNpm?: boolean;
}

export function start({ args, nodeArgs = [], asNpm = false }: StartWish): Starting {
  const mark = randomUUID();
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const command = [process.execPath, ...nodeArgs, 'scripts/start.mjs', ...args];
  const [program = '', ...rest] = asNpm ? ['sh', '-c', '"$@"; exit $?', 'sh', ...command] : command;
  const child = spawn(program, rest, {
    cwd: root,
    env: { ...env, [markName]: mark, ...(asNpm && { npm_lifecycle_event: 'start' }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  let ended = false;
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      ended = true;
      resolve(code);
    });
  });
  const running = () => processesMarked(mark);
  return {
    printed: () => printed,
    exited,
    running,
    sees: (text) =>
      vi.waitFor(
        () => {
          if (typeof text === 'string' ? printed.includes(text) : text.test(printed)) return;
          throw new Error(`${ended ? 'It ended. ' : ''}It printed:\n${printed}`);
        },
        { timeout: 50_000, interval: 50 },
      ),
    signal: (name) => {
      child.kill(name);
    },
    [Symbol.asyncDispose]: async () => {
      if (!ended) child.kill('SIGTERM');
      await exited;
      for (const { pid } of await running()) process.kill(pid, 'SIGKILL');
    },
  };
}

async function processesMarked(mark: string): Promise<readonly Running[]> {
  const found = await Promise.all((await readdir('/proc')).map((pid) => lookAt(pid, mark)));
  return found.filter((process) => process !== null);
}

async function lookAt(pid: string, mark: string): Promise<Running | null> {
  if (!/^\d+$/u.test(pid)) return null;
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  if (!(await read('environ')).includes(`${markName}=${mark}`)) return null;
  const command = (await read('cmdline')).replaceAll('\0', ' ').trim();
  return command === '' ? null : { pid: Number(pid), command };
}
