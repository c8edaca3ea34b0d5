import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockData, openData, signingSecret } from '../../backend/data/data-folder.ts';
import { signupBody, startBackend } from './backend.ts';
import { limitedDisk } from './full-disk.ts';
import { newObjectId } from './store.ts';

let dataFolder: string;
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'webxterm-faults-'));
});
afterEach(() => rmSync(dataFolder, { recursive: true }));
const library = { DatabaseSync };

describe('a full disk', () => {
  it('refuses writes with a code of its own, answers reads, and works again once there is room', async () => {
    const disk = limitedDisk();
    await using backend = await startBackend({ dataFolder, library: disk.library });
    const account = await backend.signUp();
    const { token } = await backend.signIn(account);
    disk.fill(true);
    const create = () =>
      backend.request('POST', '/api/machines', { token, body: { name: 'box', description: 'x'.repeat(1000) } });
    let answer = await create();
    for (let i = 0; i < 200 && answer.status === 201; i++) answer = await create();
    expect(answer).toMatchObject({ status: 503, body: { code: 'storage-full' } });
    expect(JSON.stringify(answer.body)).not.toMatch(/sqlite|database/i);
    expect((await backend.request('GET', '/api/machines', { token })).status).toBe(200);
    expect((await backend.request('GET', '/ready')).status).toBe(200);

    disk.fill(false);
    expect((await create()).status).toBe(201);
    const { read } = backend.store.platform;
    const machines = await read.selectFrom('machines').select('id').execute();
    const entries = await read
      .selectFrom('audit_entries')
      .select('id')
      .where('action', '=', 'machine_registered')
      .execute();
    expect(entries).toHaveLength(machines.length);
  });

  it('lets nobody sign up or in half', async () => {
    const disk = limitedDisk();
    await using backend = await startBackend({ dataFolder, library: disk.library });
    const wish = { organization: 'acme', username: 'ada', email: 'ada@example.test', password: 'correct horse' };
    disk.fill(true);
    let status = 0;
    for (let i = 0; i < 200 && status !== 503; i++) {
      const body = signupBody({ ...wish, organization: `acme${i}`, username: `ada${i}` });
      ({ status } = await backend.request('POST', '/api/auth/signup', {
        body: { ...body, first_name: 'x'.repeat(100) },
      }));
    }
    expect(status).toBe(503);
    const { read } = backend.store.platform;
    const organizations = await read.selectFrom('organizations').select('id').execute();
    const users = await read.selectFrom('users').select('id').execute();
    expect(users).toHaveLength(organizations.length - 1);
  });
});

describe('a data folder', () => {
  it('that is served is not served a second time', async () => {
    await using backend = await startBackend({ dataFolder });
    await expect(startBackend({ dataFolder })).rejects.toThrow(/data-in-use/);
    expect((await backend.request('GET', '/ready')).status).toBe(200);
    await backend[Symbol.asyncDispose]();
    const lock = lockData({ folder: dataFolder, library, services: ['auth', 'machines'] });
    expect(lock.ok).toBe(true);
    if (lock.ok) lock.value[Symbol.dispose]();
  });

  it('whose database is damaged is refused and left as it was', async () => {
    const rubbish = 'no database '.repeat(1000);
    writeFileSync(join(dataFolder, 'store.db'), rubbish);
    await expect(startBackend({ dataFolder })).rejects.toThrow(/data-damaged/);
    expect(readFileSync(join(dataFolder, 'store.db'), 'utf8')).toBe(rubbish);
  });

  it('whose database is damaged somewhere in the middle is refused too, and left as it was', async () => {
    const first = await startBackend({ dataFolder });
    await first.signUp();
    await first[Symbol.asyncDispose]();
    const path = join(dataFolder, 'store.db');
    const bytes = readFileSync(path);
    bytes.fill(0xa5, bytes.length - 4096);
    writeFileSync(path, bytes);
    await expect(startBackend({ dataFolder })).rejects.toThrow(/data-damaged/);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it('keeps the secret it made, to itself, and refuses one that was cut off', () => {
    const made = signingSecret(dataFolder);
    expect(made).toEqual(signingSecret(dataFolder));
    if (!made.ok) throw new Error(made.code);
    expect(made.value.length).toBeGreaterThanOrEqual(64);
    writeFileSync(join(dataFolder, 'jwt-secret'), 'short');
    expect(signingSecret(dataFolder)).toEqual({ ok: false, code: 'data-damaged' });
  });

  it('that is no folder cannot be written', async () => {
    const folder = join(dataFolder, 'file');
    writeFileSync(folder, '');
    const parts = { folder, databaseUrl: null, library, now: () => 0, newObjectId };
    expect(await openData(parts)).toEqual({ ok: false, code: 'data-not-writable' });
    expect(lockData({ ...parts, services: ['auth'] })).toEqual({ ok: false, code: 'data-not-writable' });
  });
});

describe('the port', () => {
  it('that is taken is told, and everything that was opened is closed again', async () => {
    await using first = await startBackend();
    await expect(startBackend({ dataFolder, port: first.port })).rejects.toThrow(/port-taken/);
    await using second = await startBackend({ dataFolder });
    expect((await second.request('GET', '/health')).status).toBe(200);
  });
});
