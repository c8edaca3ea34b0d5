/** The whole backend in this process, on a port and a data folder of its own, reached over real HTTP and real sockets. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Bus } from '../../backend/bus/bus.ts';
import { signingSecret } from '../../backend/data/data-folder.ts';
import type { Store } from '../../backend/store/store.ts';
import { signedIn, type SignedIn } from '../../protocol/api/auth.ts';
import { startOne, startTwo, type BackendOptions, type Deployed } from './deployment.ts';
import { makeDatabase, onPostgres, type TestDatabase } from './postgres/database.ts';

export interface Asked {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON, else as text. */
  readonly body: unknown;
}
export interface Account {
  readonly organization: string;
  readonly username: string;
  readonly email: string;
  readonly password: string;
}
export interface Backend extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Where the machine service listens: the same where both are one. */
  readonly machinesUrl: string;
  readonly dataFolder: string;
  readonly store: Store;
  readonly bus: Bus;
  /** Everything that was logged, line by line. */
  readonly logged: readonly string[];
  request(method: string, path: string, asked?: Asked): Promise<Answered>;
  /** A new organization with its admin. */
  signUp(wish?: Partial<Account>): Promise<Account>;
  signIn(account: Pick<Account, 'email' | 'password'>): Promise<SignedIn>;
}

/** `two`: the auth service before the machine service, each with a port of its own; else both as one. */
const deployment = process.env['WEBXTERM_TEST_DEPLOYMENT'] === 'two' ? 'two' : 'one';

export async function startBackend(options: BackendOptions = {}): Promise<Backend> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'webxterm-backend-'));
  const database = onPostgres() ? await databaseOf(options) : null;
  const environment = { ...(database && secretly(database.url, dataFolder)), ...options.environment };
  const logged: string[] = [];
  const start = { ...options, environment, dataFolder, logged };
  const serving = (options.deployment ?? deployment) === 'two' ? await startTwo(start) : await startOne(start);
  return {
    ...reached({ ...serving, dataFolder, logged }),
    async [Symbol.asyncDispose]() {
      await serving[Symbol.asyncDispose]();
      if (options.dataFolder !== undefined) return;
      rmSync(dataFolder, { recursive: true });
      await database?.[Symbol.asyncDispose]();
    },
  };
}

/** One that runs, with what a test does to it. */
export function reached(running: Deployed & Pick<Backend, 'dataFolder' | 'logged'>): Backend {
  const url = `http://127.0.0.1:${running.port}`;
  const request = requestTo(url);
  return {
    ...running,
    url,
    request,
    async signUp(wish = {}) {
      const name = `n${randomUUID().slice(0, 8)}`;
      const account = {
        organization: name,
        username: name,
        email: `${name}@example.test`,
        password: randomUUID(),
        ...wish,
      };
      const answer = await request('POST', '/api/auth/signup', { body: signupBody(account) });
      if (answer.status !== 201) throw new Error(`signing up failed: ${JSON.stringify(answer.body)}`);
      return account;
    },
    async signIn({ email, password }) {
      const answer = await request('POST', '/api/auth/login', { body: { email, password } });
      return signedIn.parse(answer.body);
    },
  };
}

/** Of a backend that runs anywhere. */
export const requestTo =
  (url: string): Backend['request'] =>
  (method, path, asked) =>
    ask(url + path, method, asked);

const kept = new Map<string, Promise<TestDatabase>>();

/** A folder that is there already has its database: whoever starts again in it finds what was left. */
async function databaseOf({ dataFolder }: BackendOptions): Promise<TestDatabase> {
  if (dataFolder === undefined) return makeDatabase();
  const made = kept.get(dataFolder) ?? makeDatabase();
  kept.set(dataFolder, made);
  return made;
}

/** The secret is where it is on SQLite too. */
function secretly(databaseUrl: string, dataFolder: string): Record<string, string> {
  const secret = signingSecret(dataFolder);
  if (!secret.ok) throw new Error(secret.code);
  return { DATABASE_URL: databaseUrl, JWT_SECRET: secret.value };
}

export function signupBody({ organization, username, email, password }: Account) {
  return {
    username,
    email,
    password,
    first_name: 'Ada',
    last_name: 'Lovelace',
    organization_name: organization,
    company_name: 'Analytical Engines',
  };
}

/** A kept connection may be to a server that was at this port before: what only reads is asked again on another one. */
async function fetchAsBrowsersDo(url: string, request: RequestInit & { readonly method: string }): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    const isClosed = error instanceof TypeError && closedConnection.safeParse(error.cause).success;
    if (request.method !== 'GET' || !isClosed) throw error;
    return fetchAsBrowsersDo(url, request);
  }
}
const closedConnection = z.object({ code: z.literal('UND_ERR_SOCKET') });

async function ask(url: string, method: string, { token, body, headers }: Asked = {}): Promise<Answered> {
  const response = await fetchAsBrowsersDo(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = text !== '' && response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
