/** The agent's program as its own process, bundled for the test that runs it. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { build } from 'esbuild';
import { agentStatus, type AgentCommand, type AgentStatus } from '../../protocol/agent/status.ts';

const root = path.resolve(import.meta.dirname, '../..');
let bundled: Promise<string> | null = null;

/** Path of the program. It lies inside the project, where its packages are found. */
export function agentProgram(): Promise<string> {
  bundled ??= bundle();
  return bundled;
}

/** One file for each state of the sources, whoever builds it first. */
async function bundle(): Promise<string> {
  const built = await build({
    absWorkingDir: root,
    entryPoints: ['agent/cli.ts'],
    bundle: true,
    write: false,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
    define: { 'process.env.WEBXTERM_VERSION': '"9.9.9"' },
  });
  const source = Buffer.concat(built.outputFiles.map(({ contents }) => contents)); // it is one
  const version = createHash('sha256').update(source).digest('hex').slice(0, 16);
  const file = path.join(root, 'node_modules/.cache/webxterm', version, 'webxterm-agent.mjs');
  if (existsSync(file)) return file;
  mkdirSync(path.dirname(file), { recursive: true });
  const fresh = `${file}.${randomUUID()}`;
  writeFileSync(fresh, source);
  renameSync(fresh, file);
  return file;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}
export interface AgentRun {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** What it wrote so far. */
  readonly out: () => string;
  readonly err: () => string;
}
interface Start {
  readonly env?: Readonly<Record<string, string>>;
  /** What it finds on standard input. */
  readonly input?: string;
  /** A program that runs it, with the arguments before it. */
  readonly through?: readonly [file: string, ...args: string[]];
}

/** An environment of a test, not of the person who runs it; the test's own marks go on. */
function cleanEnvironment(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const marks = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[0].startsWith('WEBXTERM_TEST') && entry[1] !== undefined,
  );
  return { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', ...Object.fromEntries(marks), ...env };
}

/** From a command line. */
export async function runAgent(args: readonly string[], start: Start = {}): Promise<AgentRun> {
  const program = [process.execPath, await agentProgram()] as const;
  const [file, ...before] = start.through ? ([...start.through, ...program] as const) : program;
  const child = spawn(file, [...before, ...args], {
    env: cleanEnvironment(start.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined); // it may end before it read that
  child.stdin.end(start.input ?? '');
  return follow(child);
}

/** As the desktop does: with a channel for messages. */
export async function forkAgent(args: readonly string[]): Promise<
  AgentRun & {
    readonly statuses: readonly AgentStatus[];
    readonly command: (command: AgentCommand) => void;
  }
> {
  const child = fork(await agentProgram(), args, {
    env: cleanEnvironment(),
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const statuses: AgentStatus[] = [];
  child.on('message', (message) => statuses.push(agentStatus.parse(message)));
  return { ...follow(child), statuses, command: (command) => child.send(command) };
}

function follow(child: ChildProcess): AgentRun {
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  // Not `close`: it does not come once the channel for messages was closed from this side.
  const exit = new Promise<Pick<Ended, 'code' | 'signal'>>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const outputs = [child.stdout, child.stderr].map((output) => output && finished(output).catch(() => undefined));
  const ended = Promise.all([exit, ...outputs]).then(([how]) => ({ ...how, out, err }));
  if (child.pid === undefined) throw new Error('the agent was not started');
  return { child, pid: child.pid, ended, out: () => out, err: () => err };
}

/** A folder of its own, gone with the test. */
export function newFolder(): Disposable & { readonly path: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'webxterm-agent-'));
  chmodSync(folder, 0o700);
  return {
    path: folder,
    [Symbol.dispose]: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
