/**
 * `npm run bench -- --only requests`: how many requests a second each class of endpoint answers in an organization of 10,000 machines and 1,000
 * users, beside a bare Fastify route with an answer of the same size, in this run.
 */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { ObjectId } from 'bson';
import { fastify } from 'fastify';
import { batchesOf } from '../backend/store/batches.ts';
import { signedIn } from '../protocol/api/auth.ts';
import { makeFolder } from '../test/e2e/product/folder.ts';
import { startOne, type Deployed } from '../test/service/deployment.ts';
import { median, table } from './report.ts';

const MACHINES = 10_000;
const USERS = 1_000;
const ROUND_S = 3;
const CONNECTIONS = 10;
const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, megabytes: { type: 'string' } },
});

interface Class {
  readonly name: string;
  readonly path: string;
  readonly method?: 'GET' | 'POST';
}
const BARE: Class = { name: 'bare', path: '/' };
const classes: readonly Class[] = [
  { name: 'probe', path: '/health' },
  { name: 'who am I', path: '/api/users/me' },
  { name: 'a page of machines', path: '/api/machines?limit=50' },
  { name: 'machines by name', path: '/api/machines?q=machine-77&limit=50' },
  { name: 'a page of users', path: '/api/users?limit=50' },
  { name: 'users by name', path: '/api/users?q=user-77&limit=50' },
  { name: 'a page of groups', path: '/api/groups?limit=50' },
  { name: 'a page of issues', path: '/api/community/issues?limit=50' },
  { name: 'a page of the audit', path: '/api/audit?limit=50' },
  { name: 'figures of the dashboard', path: '/api/dashboard/stats' },
  { name: 'live sessions', path: '/api/terminal/sessions' },
  { name: 'a write, with its audit entry', path: '/api/groups', method: 'POST' },
];

await reportRequests();

async function reportRequests(): Promise<void> {
  await using folder = await makeFolder('bench-requests');
  const agentFile = path.resolve('dist/webxterm-agent.js');
  await using backend = await startOne({ environment: {}, dataFolder: folder.path, logged: [], agentFile });
  const url = `http://127.0.0.1:${backend.port}`;
  const admin = await anAdmin(url);
  await fill(backend, admin);
  const lines: [string, string, string][] = [];
  for (const each of classes) {
    const wanted = await sizeOf(url, admin, each);
    await using bare = await bareRoute(wanted);
    const alone = await measure(url, each, { token: admin.token, connections: 1 });
    const ours: Figures[] = [];
    const theirs: Figures[] = [];
    for (let round = 0; round < Number(options.rounds); round += 1) {
      ours.push(await measure(url, each, { token: admin.token, connections: CONNECTIONS }));
      theirs.push(await measure(bare.url, BARE, { token: admin.token, connections: CONNECTIONS }));
    }
    const speed = median(ours.map(({ perSecond }) => perSecond));
    const limit = median(theirs.map(({ perSecond }) => perSecond));
    const slowest = median(ours.map(({ p99 }) => p99));
    lines.push([
      each.name,
      `${(1000 / alone.perSecond).toFixed(1)} ms alone, ${speed.toFixed(0)}/s, p99 ${slowest.toFixed(1)} ms`,
      `×${(speed / limit).toFixed(2)} of ${limit.toFixed(0)}/s`,
    ]);
  }
  table(
    `Requests in an organization of ${MACHINES} machines and ${USERS} users (ratio to a bare Fastify route)`,
    lines,
  );
}

interface Figures {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p99: number;
}

interface Load {
  readonly token: string;
  /** At once. */
  readonly connections: number;
}
async function measure(
  url: string,
  { path: address, method = 'GET' }: Class,
  { token, connections }: Load,
): Promise<Figures> {
  const result = await autocannon({
    url: url + address,
    method,
    connections,
    duration: ROUND_S,
    workers: 1, // the client has a thread of its own
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { idReplacement: true, body: '{"name":"group [<id>]","description":""}' }),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${method} ${address}: ${result.non2xx} were refused, ${result.errors} failed`);
  return { perSecond: result.requests.average, p99: result.latency.p99 };
}

interface Admin {
  readonly id: string;
  readonly token: string;
}
async function anAdmin(url: string): Promise<Admin> {
  const who = { email: 'ada@harbour.test', password: randomUUID() };
  const names = { username: 'ada', first_name: 'Ada', last_name: 'L', organization_name: 'harbour', company_name: 'H' };
  await ask(`${url}/api/auth/signup`, { method: 'POST', body: { ...who, ...names } });
  const { token, user } = signedIn.parse(await ask(`${url}/api/auth/login`, { method: 'POST', body: who }));
  return { id: user.id, token };
}

interface Asked {
  readonly method: string;
  readonly token?: string;
  readonly body?: unknown;
}
async function ask(url: string, { method, token = '', body }: Asked): Promise<unknown> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const answer = await fetch(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status}`);
  return answer.json();
}

/** Of its answer, in bytes. */
async function sizeOf(url: string, { token }: Admin, { path: address, method = 'GET' }: Class): Promise<number> {
  const body = method === 'GET' ? {} : { body: { name: randomUUID(), description: '' } };
  return JSON.stringify(await ask(url + address, { method, token, ...body })).length;
}

/** Answers as many bytes of JSON, made for each request, to whomever. */
async function bareRoute(bytes: number): Promise<AsyncDisposable & { readonly url: string }> {
  const app = fastify();
  const item = 'x'.repeat(60);
  const answer = { items: Array.from({ length: Math.ceil(bytes / 63) }, () => item) };
  app.get('/', () => answer);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return { url, [Symbol.asyncDispose]: () => app.close() };
}

async function fill({ store }: Deployed, admin: Admin): Promise<void> {
  const row = await store.platform.read
    .selectFrom('users')
    .select('organization_id')
    .where('id', '=', admin.id)
    .executeTakeFirstOrThrow();
  const organization = store.organization(row.organization_id);
  const at = new Date().toISOString();
  const users = Array.from({ length: USERS }, (_each, i) => ({
    id: new ObjectId().toHexString(),
    username: `user-${i}`,
    username_key: `user-${i}`,
    email: `user-${i}@example.test`,
    first_name: 'U',
    last_name: String(i),
    password_hash: '-',
    role: 'user' as const,
    machine_role: 'non-sudo' as const,
    enabled_at: at,
    created_at: at,
  }));
  const machines = Array.from({ length: MACHINES }, (_each, i) => ({
    id: new ObjectId().toHexString(),
    agent_id: randomUUID(),
    owner_id: users[i % USERS]?.id ?? admin.id,
    name: `machine-${i}`,
    description: '',
    tags: '[]',
    metadata: '{}',
    created_at: at,
  }));
  await organization.upkeep(async (tx) => {
    for (const part of batchesOf(users)) await tx.insertInto('users').values(part).execute();
    for (const part of batchesOf(machines)) await tx.insertInto('machines').values(part).execute();
  });
}
