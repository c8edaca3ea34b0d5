/** A PostgreSQL server for one run of tests, thrown away afterwards, and in it a database with every table to make others from. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as after } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ObjectId } from 'bson';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { openStore } from '../../../backend/store/open.ts';
import { freePort } from '../../../bench/free-port.ts';
import { sql } from './sql.ts';

/** What the tests of the project are handed. */
export interface PostgresCluster {
  /** Of a database from which others can be made and removed. */
  readonly adminUrl: string;
  readonly template: string;
}
declare module 'vitest' {
  interface ProvidedContext {
    /** Of the project `postgres` alone. */
    postgres: PostgresCluster | undefined;
  }
}

const run = promisify(execFile);
const STARTED_MS = 30_000;

/** The way Vitest wants a set-up for all files of a project: what it answers runs at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { adminUrl, stop } = await startPostgres();
  try {
    const template = 'webxterm_template';
    await makeTemplate(adminUrl, template);
    project.provide('postgres', { adminUrl, template });
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A server of its own, for what would disturb others. */
export async function startPostgres(): Promise<{ readonly adminUrl: string; readonly stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'webxterm-postgres-'));
  const user = await unprivileged();
  if (user) chownSync(folder, user.uid, user.gid);
  const port = await freePort();
  const server = await start({ folder, port, user });
  const stop = async (): Promise<void> => {
    server.child.kill('SIGINT'); // closes connections, and ends
    await server.ended;
    rmSync(folder, { recursive: true });
  };
  try {
    const adminUrl = `postgres://webxterm@127.0.0.1:${port}/postgres`;
    await answering(adminUrl, server);
    return { adminUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface User {
  readonly uid: number;
  readonly gid: number;
}
/** PostgreSQL does not run as root: it has a user of its own, which its package makes. */
async function unprivileged(): Promise<User | null> {
  if (process.getuid?.() !== 0) return null;
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => (await run('id', [flag, 'postgres'])).stdout));
  return { uid: Number(uid), gid: Number(gid) };
}

interface Server {
  readonly child: ChildProcess;
  readonly ended: Promise<string>;
}
async function start({ folder, port, user }: { folder: string; port: number; user: User | null }): Promise<Server> {
  const data = join(folder, 'data');
  const as = { cwd: folder, ...user };
  // The database sorts as people do, so that a test sees where the store does not say how it wants it.
  const locale = ['--encoding=UTF8', '--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'];
  await run(programPath('initdb'), ['-D', data, '-U', 'webxterm', '-A', 'trust', '--no-sync', ...locale], as);
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    max_connections: 300,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    autovacuum: 'off',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(programPath('postgres'), ['-D', data, ...args], { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
  const said = text(child.stderr);
  return { child, ended: once(child, 'exit').then(() => said) };
}

/** Debian keeps them off the PATH, each version in a folder of its own. */
function programPath(name: string): string {
  const versions = '/usr/lib/postgresql';
  const [newest] = existsSync(versions) ? readdirSync(versions).toSorted((a, b) => Number(b) - Number(a)) : [];
  return newest === undefined ? name : join(versions, newest, 'bin', name);
}

async function answering(url: string, server: Server): Promise<void> {
  const giveUp = performance.now() + STARTED_MS;
  for (;;) {
    const client = new Client({ connectionString: url });
    const error: unknown = await client.connect().then(
      () => null,
      (failure: unknown) => failure,
    );
    await client.end();
    if (error === null) return;
    if (server.child.exitCode !== null) throw new Error(`PostgreSQL did not start: ${await server.ended}`);
    if (performance.now() > giveUp) throw new Error('PostgreSQL does not answer', { cause: error });
    await after(50);
  }
}

async function makeTemplate(adminUrl: string, name: string): Promise<void> {
  await sql(adminUrl, `create database ${name}`);
  const place = { databaseUrl: databaseAt(adminUrl, name) };
  const store = await openStore({ place, now: () => 0, newObjectId: () => new ObjectId().toHexString() });
  await store[Symbol.asyncDispose]();
}

export function databaseAt(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}
