/** A backend with one organization and its admin, as a test's own. */
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { makeFolder, type Folder } from './folder.ts';
import { runProgram, startProgram, type Program, type Start } from './program.ts';

const bootstrapped = z.object({ email: z.string(), password: z.string(), registration_token: z.string().optional() });

export interface Reached extends AsyncDisposable {
  readonly url: string;
  /** Of the server processes now. */
  readonly pids: () => readonly number[];
  readonly admin: { readonly email: string; readonly password: string };
  /** For one machine that exists already, under this computer's name. */
  readonly registrationToken: string;
}
export interface Backend extends Reached {
  readonly port: number;
  /** Ends it as a crash would, and starts it on the same port and data. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** `env`: what an operator set beside the usual. */
export async function startBackend(env: Readonly<Record<string, string>> = {}): Promise<Backend> {
  const folder = await makeFolder('backend');
  const made = await bootstrap(folder);
  const start = { args: [], env };
  let program = await serve(folder, 0, start);
  const { port } = program;
  return {
    ...made,
    url: `http://127.0.0.1:${port}`,
    port,
    pids: () => [program.pid],
    restart: async () => {
      await program.kill();
      program = await serve(folder, port, start);
    },
    stop: () => program.kill(),
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** The two services as two programs: the auth service is what is reached. */
export async function startTwoServices(): Promise<Reached> {
  const folder = await makeFolder('backend');
  const made = await bootstrap(folder);
  const machines = await serve(folder, 0, { args: ['--role', 'machines'] });
  const env = { MACHINES_URL: `http://127.0.0.1:${machines.port}` };
  const auth = await serve(folder, 0, { args: ['--role', 'auth'], env });
  const url = `http://127.0.0.1:${auth.port}`;
  while (!(await fetch(`${url}/ready`)).ok) await wait(20);
  return {
    ...made,
    url,
    pids: () => [auth.pid, machines.pid],
    [Symbol.asyncDispose]: async () => {
      await auth[Symbol.asyncDispose]();
      await machines[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function bootstrap(folder: Folder): Promise<Pick<Reached, 'admin' | 'registrationToken'>> {
  const made = await runProgram('webxterm-backend', { args: bootstrapArgs(folder) });
  const { email, password, registration_token } = bootstrapped.parse(JSON.parse(made.trim().split('\n').at(-1) ?? ''));
  return { admin: { email, password }, registrationToken: registration_token ?? '' };
}

function bootstrapArgs(folder: Folder): readonly string[] {
  const who = ['--organization', 'Harbour', '--email', 'ada@harbour.test', '--username', 'ada'];
  return ['bootstrap', ...who, '--registration-token', hostname(), '--data', folder.path];
}

async function serve(
  folder: Folder,
  port: number,
  { args, env }: Pick<Start, 'args' | 'env'>,
): Promise<Program & { readonly port: number }> {
  const all = ['serve', '--port', String(port), '--data', folder.path, ...args];
  const program = startProgram('webxterm-backend', { args: all, ...(env && { env }) });
  const [, told] = await program.line(/listening on http:\/\/[^:\s]+:(\d+)/u);
  return { ...program, port: Number(told) };
}
