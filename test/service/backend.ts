/** The whole backend in this process, on a port and a data folder of its own, reached over real HTTP and real sockets. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type { PasswordLimits } from '../../backend/auth/passwords.ts';
import type { Bus } from '../../backend/bus/bus.ts';
import { readConfig } from '../../backend/config.ts';
import { signingSecret } from '../../backend/data/data-folder.ts';
import { createLog } from '../../backend/gateway/log.ts';
import type { Rates } from '../../backend/gateway/rate-limits.ts';
import { usualServerLimits, type ServerLimits } from '../../backend/gateway/server.ts';
import { machineDefaults, type MachineSettings } from '../../backend/machines/settings.ts';
import { serve } from '../../backend/serve.ts';
import type { SqliteLibrary } from '../../backend/store/sqlite/database.ts';
import type { Store } from '../../backend/store/store.ts';
import { signedIn, type SignedIn } from '../../protocol/api/auth.ts';
import { makeDatabase, onPostgres, type TestDatabase } from './postgres/database.ts';
import { newObjectId } from './store.ts';

export interface BackendOptions {
  readonly machines?: Partial<MachineSettings>;
  readonly passwords?: PasswordLimits;
  readonly rates?: Rates;
  readonly limits?: Partial<ServerLimits>;
  /** Environment variables, as an operator sets them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Added to the real clock, in milliseconds. */
  readonly clock?: { ahead: number };
  readonly library?: SqliteLibrary;
  /** One that is there already: it is left there afterwards. */
  readonly dataFolder?: string;
  readonly port?: number;
  readonly agentFile?: string;
}
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

/** No limit that a test could reach unless it means to. */
const plenty = { burst: 1e6, perSecond: 1e6 };
const noLimits: Rates = {
  read: { address: plenty, account: plenty },
  write: { address: plenty, account: plenty },
  guess: { address: plenty, account: plenty },
};

const usual = {
  machines: {},
  passwords: { atOnce: 2, waiting: 100 },
  rates: noLimits,
  limits: {},
  clock: { ahead: 0 },
  library: { DatabaseSync },
  port: 0,
  agentFile: join(import.meta.dirname, '../../dist/webxterm-agent.js'),
};

export async function startBackend(options: BackendOptions = {}): Promise<Backend> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'webxterm-backend-'));
  const { clock, port, machines, limits, ...parts } = { ...usual, ...options };
  const database = onPostgres() ? await databaseOf(options) : null;
  const environment = { ...(database && secretly(database.url, dataFolder)), ...options.environment };
  const configured = readConfig(environment, { data: dataFolder, port }, dataFolder);
  if (!configured.ok) throw new Error(configured.problems.join('; '));
  const logged: string[] = [];
  const started = await serve({
    ...parts,
    config: configured.config,
    log: createLog('debug', { write: (line) => logged.push(line) }),
    version: '0.0.0-test',
    machines: { ...machineDefaults, ...machines },
    limits: { ...usualServerLimits, ...limits },
    now: () => Date.now() + clock.ahead,
    monotonic: () => performance.now(),
    random: () => 1, // no reconciler runs before its whole time is over
    newObjectId,
    newUuid: () => randomUUID(),
  });
  if (!started.ok) throw new Error(`the backend did not start: ${started.code}`);
  const { serving } = started;
  const url = `http://127.0.0.1:${serving.port}`;
  const request: Backend['request'] = (method, path, asked) => ask(url + path, method, asked);
  return {
    ...serving,
    url,
    dataFolder,
    logged,
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
    async [Symbol.asyncDispose]() {
      await serving[Symbol.asyncDispose]();
      if (options.dataFolder !== undefined) return;
      rmSync(dataFolder, { recursive: true });
      await database?.[Symbol.asyncDispose]();
    },
  };
}

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

async function ask(url: string, method: string, { token, body, headers }: Asked = {}): Promise<Answered> {
  const response = await fetch(url, {
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
