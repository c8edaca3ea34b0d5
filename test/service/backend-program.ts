/** The built backend, run as an operator runs it, with a data folder of its own. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { z } from 'zod';
import { signedIn, type SignedIn } from '../../protocol/api/auth.ts';

const root = join(import.meta.dirname, '../..');
export const program = join(root, 'dist/webxterm-backend.js');

export async function buildBackend(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(root, 'scripts/build.mjs'), 'backend'], { cwd: root });
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
interface Start {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}
interface More {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}
export interface Programs extends Disposable {
  readonly data: string;
  /** What is killed in the end. */
  readonly running: { kill(signal: 'SIGKILL'): unknown }[];
  run(args: readonly string[], options?: Start): Promise<Ended>;
  /** Until it listens. */
  serve(port?: number, more?: More): Promise<Started & { readonly line: string; readonly url: string }>;
}

export function backendPrograms(): Programs {
  const data = mkdtempSync(join(tmpdir(), 'webxterm-cli-'));
  const running: Programs['running'] = [];
  const start = (args: readonly string[], { input = '', env = {} }: Start = {}) => {
    const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, ...env } });
    running.push(child);
    child.stdin.end(input);
    const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]).then(
      ([stdout, stderr]) => ({ code: child.exitCode, stdout, stderr }),
    );
    return { child, ended };
  };
  return {
    data,
    running,
    run: async (args, options) => start(args, options).ended,
    async serve(port = 0, { args = [], env = {} } = {}) {
      const { child, ended } = start(['serve', '--port', String(port), '--data', data, ...args], { env });
      const lines = createInterface({ input: child.stdout });
      const [line] = z.tuple([z.string()]).parse(await once(lines, 'line'));
      return { child, ended, line, url: line.replace('listening on ', '') };
    },
    [Symbol.dispose]() {
      for (const child of running.splice(0)) child.kill('SIGKILL');
      rmSync(data, { recursive: true, force: true });
    },
  };
}

export async function post(url: string, path: string, body: object): Promise<{ status: number; body: unknown }> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

export async function signInTo(url: string, email: string, password: string): Promise<SignedIn> {
  return signedIn.parse((await post(url, '/api/auth/login', { email, password })).body);
}
