import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeLog } from '../fake-log.ts';
import { createListCache } from './list-cache.ts';

let profile = '';
beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), 'webxterm-cache-'));
});
afterEach(() => {
  rmSync(profile, { recursive: true, force: true });
});
const known = { as_of: '2026-01-15T12:00:00.000Z', machines: [], sessions: [] };

describe('the cache of lists', () => {
  it('gives back what it was given, to the person alone', async () => {
    const cache = createListCache(profile, fakeLog());
    await cache.write('acc', known);
    expect(await cache.read('acc')).toEqual(known);
    expect(statSync(join(profile, 'cache/acc.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(profile, 'cache'))).toEqual(['acc.json']);
  });

  it('has nothing where nothing was written, or what is there makes no sense', async () => {
    const cache = createListCache(profile, fakeLog());
    expect(await cache.read('acc')).toBe(null);
    await cache.write('acc', known);
    writeFileSync(join(profile, 'cache/acc.json'), '{"as_of": 7');
    expect(await cache.read('acc')).toBe(null);
  });

  it('forgets an account', async () => {
    const cache = createListCache(profile, fakeLog());
    await cache.write('acc', known);
    await cache.forget('acc');
    expect(readdirSync(join(profile, 'cache'))).toEqual([]);
  });

  it('does not write again what was forgotten meanwhile', async () => {
    const cache = createListCache(profile, fakeLog());
    const writing = Array.from({ length: 20 }, () => cache.write('acc', known));
    await cache.forget('acc');
    await Promise.all(writing);
    expect(readdirSync(join(profile, 'cache'))).toEqual([]);
  });

  it('that cannot be written costs nothing else', async () => {
    writeFileSync(join(profile, 'cache'), 'a file where the folder should be');
    const cache = createListCache(profile, fakeLog());
    await expect(cache.write('acc', known)).resolves.toBe(undefined);
    await expect(cache.forget('acc')).resolves.toBe(undefined);
  });
});
