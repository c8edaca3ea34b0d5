/** A program of the product as a test runs it: started, waited for by what it prints, stopped, and shown when something fails. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const GRACE_MS = 10_000;

export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** Resolves with the match of the first printed line that fits; rejects when the program ends before. */
  readonly line: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** All it printed so far, both streams. */
  readonly output: () => string;
  /** Ends it at once, as a crash would. */
  readonly kill: () => Promise<void>;
  readonly exited: Promise<number | null>;
}

export interface Start {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Path of a built program. Tests and benchmarks, which are bundled elsewhere, are both run from the project's root. */
export const built = (name: string): string => path.resolve('dist', name);

/** Starts `dist/<name>.js`. It gets the test's environment and what `env` adds. */
export function startProgram(name: string, start: Start): Program {
  return startCommand(process.execPath, { ...start, args: [built(`${name}.js`), ...start.args] });
}

export function startCommand(file: string, { args, env = {}, input }: Start): Program {
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  const printed = collect(child);
  const exited = once(child, 'close').then(() => child.exitCode);
  child.stdin.on('error', () => {}); // it may end without reading
  child.stdin.end(input ?? '');
  return {
    pid: child.pid ?? 0,
    line: (pattern) => printed.line(pattern, exited),
    output: printed.text,
    exited,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    [Symbol.asyncDispose]: () => stop(child, exited),
  };
}

/** Runs a built program to its end; rejects with what it said unless it ended well. */
export async function runProgram(name: string, start: Start): Promise<string> {
  const program = startProgram(name, start);
  const code = await program.exited;
  if (code !== 0) throw new Error(`${name} ${start.args.join(' ')} ended with ${code}:\n${program.output()}`);
  return program.output();
}

interface Printed {
  readonly text: () => string;
  readonly line: (pattern: RegExp, exited: Promise<unknown>) => Promise<RegExpExecArray>;
}

function collect(child: ChildProcess): Printed {
  let text = '';
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      for (const watcher of watchers) watcher();
    });
  return {
    text: () => text,
    line: (pattern, exited) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(text);
          if (match === null) return;
          watchers.delete(look);
          resolve(match);
        };
        watchers.add(look);
        look();
        const give = (): void => {
          look();
          if (watchers.delete(look)) reject(new Error(`it ended before it printed ${String(pattern)}:\n${text}`));
        };
        exited.then(give, reject);
      }),
  };
}

async function stop(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await exited;
  clearTimeout(force);
}
