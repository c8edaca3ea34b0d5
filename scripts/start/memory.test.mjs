import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memorize, recall } from './memory.mjs';

const nothing = { port: null, hasOrganization: false, isRegistered: false, electronTriedAt: 0, running: null };
let data = '';
beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'webxterm-memory-'));
});
afterEach(() => rm(data, { recursive: true }));

it('a start remembers for the next, change by change', async () => {
  expect(await recall(data)).toEqual(nothing);
  await memorize(data, { port: 8081 });
  await memorize(data, { isRegistered: true });
  expect(await recall(data)).toEqual({ ...nothing, port: 8081, isRegistered: true });
  expect(await readdir(data)).toEqual(['start.json']);
  expect((await stat(path.join(data, 'start.json'))).mode & 0o777).toBe(0o600);
});

it.each(['', '{', '{"port":"x"}', '[]'])('a memory that reads %j is none', async (content) => {
  await writeFile(path.join(data, 'start.json'), content);
  expect(await recall(data)).toEqual(nothing);
});
