/** A backend with one organization and its admin, as a test's own. */
import { hostname } from 'node:os';
import { z } from 'zod';
import { makeFolder, type Folder } from './folder.ts';
import { runProgram, startProgram, type Program } from './program.ts';

const bootstrapped = z.object({ email: z.string(), password: z.string(), registration_token: z.string().optional() });

export interface Backend extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Of the server process now. */
  readonly pid: () => number;
  readonly admin: { readonly email: string; readonly password: string };
  /** For one machine that exists already, under this computer's name. */
  readonly registrationToken: string;
  /** Ends it as a crash would, and starts it on the same port and data. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function startBackend(): Promise<Backend> {
  const folder = await makeFolder('backend');
  const made = await runProgram('webxterm-backend', { args: bootstrapArgs(folder) });
  const { email, password, registration_token } = bootstrapped.parse(JSON.parse(made.trim().split('\n').at(-1) ?? ''));
  let program = await serve(folder, 0);
  const { port } = program;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: () => program.pid,
    admin: { email, password },
    registrationToken: registration_token ?? '',
    restart: async () => {
      await program.kill();
      program = await serve(folder, port);
    },
    stop: () => program.kill(),
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function bootstrapArgs(folder: Folder): readonly string[] {
  const who = ['--organization', 'Harbour', '--email', 'ada@harbour.test', '--username', 'ada'];
  return ['bootstrap', ...who, '--registration-token', hostname(), '--data', folder.path];
}

async function serve(folder: Folder, port: number): Promise<Program & { readonly port: number }> {
  const program = startProgram('webxterm-backend', { args: ['serve', '--port', String(port), '--data', folder.path] });
  const [, told] = await program.line(/listening on http:\/\/[^:\s]+:(\d+)/u);
  return { ...program, port: Number(told) };
}
