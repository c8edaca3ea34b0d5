import { DatabaseSync } from '@photostructure/sqlite';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runBackup } from '../../../backend/commands/run-backup.ts';
import { runRestore } from '../../../backend/commands/run-restore.ts';
import { aColleague, aJoinedMachine, anAdmin, audit, grant } from '../people.ts';
import { startBackend, type Backend } from '../backend.ts';
import { newObjectId } from '../store.ts';
import { makeDatabase } from './database.ts';

const JWT_SECRET = 'shared by the servers of a test, long enough';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'webxterm-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const stores = ['sqlite', 'postgres'] as const;
type Kind = (typeof stores)[number];
const pairs = stores.flatMap((from) => stores.map((to) => [from, to] as const));

/** A place for a backend, with the commands that work on it. */
async function place(kind: Kind) {
  const dataFolder = mkdtempSync(join(folder, `${kind}-`));
  const database = kind === 'postgres' ? await makeDatabase({ empty: true }) : null;
  const said: string[] = [];
  const parts = {
    folder: dataFolder,
    databaseUrl: database?.url ?? null,
    library: { DatabaseSync },
    now: () => Date.now(),
    newObjectId,
    newUuid: () => crypto.randomUUID(),
    program: '1.2.3',
    tell: (line: string) => said.push(line),
    complain: (line: string) => said.push(line),
  };
  return {
    dataFolder,
    said,
    parts,
    start: (): Promise<Backend> =>
      startBackend({ dataFolder, environment: { JWT_SECRET, DATABASE_URL: database?.url ?? '' } }),
    backup: (file: string) => runBackup(parts, file),
    restore: (file: string, options = {}) => runRestore(parts, file, options),
    async [Symbol.asyncDispose]() {
      await database?.[Symbol.asyncDispose]();
    },
  };
}

/** An organization with something in every corner, and files as a server keeps them. */
async function lifeIn(backend: Backend) {
  const account = await backend.signUp();
  const admin = await anAdmin(backend);
  const colleague = await aColleague(backend, admin);
  const agent = await aJoinedMachine(backend, admin);
  await grant(backend, colleague, agent.agentId);
  mkdirSync(join(backend.dataFolder, 'recordings', 'deep'), { recursive: true });
  writeFileSync(join(backend.dataFolder, 'recordings', 'deep', 'one.cast'), Buffer.alloc(700_000, 'cast'));
  writeFileSync(join(backend.dataFolder, 'recordings', 'empty'), '');
  return { account, admin };
}

describe.each(pairs)('a backup of %s, restored on %s', (from, to) => {
  it('is made while the server runs, and has everything: rows, their audit chain and files', async () => {
    await using source = await place(from);
    await using target = await place(to);
    const file = join(folder, 'all.backup');
    await using before = await source.start();
    const { account, admin } = await lifeIn(before);
    const entries = await audit(before, admin);
    expect(await source.backup(file)).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    expect(await target.restore(file)).toBe(0);
    await using after = await target.start();
    expect(await audit(after, admin)).toEqual(entries);
    const gone = await after.request('GET', '/api/users/me', { token: admin.token });
    expect(gone).toMatchObject({ status: 401, body: { code: 'token-revoked' } });
    const { token } = await after.signIn(account);
    expect((await after.request('GET', '/api/users/me', { token })).status).toBe(200);
    const cast = readFileSync(join(target.dataFolder, 'recordings', 'deep', 'one.cast'));
    expect(cast.equals(Buffer.alloc(700_000, 'cast'))).toBe(true);
    expect(statSync(join(target.dataFolder, 'recordings', 'empty')).size).toBe(0);
  });
});

describe.each(stores)('restoring on %s', (kind) => {
  it('refuses where there is data, unless told to replace it; and then the old is gone', async () => {
    await using at = await place(kind);
    const file = join(folder, 'one.backup');
    const first = await at.start();
    const kept = await first.signUp();
    await at.backup(file);
    const lost = await first.signUp();
    mkdirSync(join(at.dataFolder, 'uploads'));
    writeFileSync(join(at.dataFolder, 'uploads', 'later'), 'x');
    await first[Symbol.asyncDispose]();

    expect(await at.restore(file)).toBe(1);
    expect(at.said.at(-1)).toContain('--replace');
    const between = await at.start();
    await expect(between.signIn(lost)).resolves.toBeDefined();
    await between[Symbol.asyncDispose]();

    expect(await at.restore(file, { replace: true })).toBe(0);
    await using again = await at.start();
    await expect(again.signIn(kept)).resolves.toBeDefined();
    expect(await again.request('POST', '/api/auth/login', { body: lost })).toMatchObject({ status: 401 });
    expect(() => statSync(join(at.dataFolder, 'uploads'))).toThrow(/ENOENT/);
    const platform = await again.store.platform.read.selectFrom('audit_entries').select('action').execute();
    expect(platform.map(({ action }) => action)).toContain('store_restored');
  });

  it('refuses while a server serves it', async () => {
    await using at = await place(kind);
    const file = join(folder, 'one.backup');
    await using backend = await at.start();
    await backend.signUp();
    await at.backup(file);
    expect(await at.restore(file, { replace: true })).toBe(1);
    expect(at.said.at(-1)).toMatch(/serves|has the database open/);
    expect((await backend.request('GET', '/ready')).status).toBe(200);
  });

  it('leaves everything as it was when the backup is damaged, cut off or newer', async () => {
    await using at = await place(kind);
    const file = join(folder, 'one.backup');
    const first = await at.start();
    const account = await first.signUp();
    await at.backup(file);
    await first[Symbol.asyncDispose]();
    const bytes = readFileSync(file);
    const bad = join(folder, 'bad.backup');
    for (const wrong of [
      bytes.subarray(0, -40),
      bytes.with(bytes.length >> 1, (bytes.at(bytes.length >> 1) ?? 0) ^ 1),
      'text',
    ]) {
      writeFileSync(bad, wrong);
      expect(await at.restore(bad, { replace: true })).toBe(1);
      expect(at.said.at(-1)).toContain('not a whole backup');
    }
    expect(await at.restore(join(folder, 'none'), { replace: true })).toBe(1);
    expect(at.said.at(-1)).toContain('cannot be read');
    await using again = await at.start();
    await expect(again.signIn(account)).resolves.toBeDefined();
  });
});

describe('a database that a server elsewhere has open', () => {
  it('is not restored into, though this computer’s data folder is free', async () => {
    await using at = await place('postgres');
    const file = join(folder, 'one.backup');
    await using elsewhere = await at.start();
    await at.backup(file);
    const here = mkdtempSync(join(folder, 'here-'));
    const said: string[] = [];
    const parts = {
      ...at.parts,
      folder: here,
      complain: (line: string) => said.push(line),
    };
    expect(await runRestore(parts, file, { replace: true })).toBe(1);
    expect(said).toEqual([expect.stringContaining('has the database open')]);
    expect((await elsewhere.request('GET', '/ready')).status).toBe(200);
  });
});

describe('writing a backup', () => {
  it('never overwrites a file', async () => {
    await using at = await place('sqlite');
    await using backend = await at.start();
    await backend.signUp();
    const file = join(folder, 'one.backup');
    writeFileSync(file, 'precious');
    expect(await at.backup(file)).toBe(1);
    expect(at.said.at(-1)).toContain('already');
    expect(readFileSync(file, 'utf8')).toBe('precious');
    expect(await at.backup(join(folder, 'no', 'such', 'folder'))).toBe(1);
    expect(at.said.at(-1)).toContain('cannot be written');
  });
});
