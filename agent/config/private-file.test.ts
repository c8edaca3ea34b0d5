/** Files of their owner only, whole or not at all. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { preparePrivateFolder, readPrivateFile, setAside, writePrivateFile } from './private-file.ts';

let base = '';
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'webxterm-private-'));
});
afterEach(() => {
  rmSync(base, { recursive: true, force: true });
});
const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

describe('a private folder', () => {
  it('is made for its owner only, whatever the umask', async () => {
    const before = process.umask(0);
    try {
      expect(await preparePrivateFolder(path.join(base, 'a', 'b'))).toEqual({ ok: true });
    } finally {
      process.umask(before);
    }
    expect(modeOf(path.join(base, 'a', 'b'))).toBe('700');
    expect(readdirSync(path.join(base, 'a', 'b'))).toEqual([]);
  });

  it('is refused when others may write in it: they could replace the key', async () => {
    const open = path.join(base, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    expect(await preparePrivateFolder(open)).toMatchObject({ ok: false, code: 'folder-open' });
  });

  it('that cannot be one is a state, not a crash', async () => {
    const file = path.join(base, 'file');
    writeFileSync(file, '');
    expect(await preparePrivateFolder(path.join(file, 'below'))).toMatchObject({ ok: false, code: 'folder-unusable' });
  });
});

describe('a private file', () => {
  it('is readable by its owner only and replaces the former one', async () => {
    const file = path.join(base, 'secret');
    writeFileSync(file, 'old', { mode: 0o644 });
    await writePrivateFile(file, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(modeOf(file)).toBe('600');
    expect(readdirSync(base)).toEqual(['secret']);
  });

  it('replaces a link instead of writing through it', async () => {
    const target = path.join(base, 'target');
    writeFileSync(target, 'untouched');
    symlinkSync(target, path.join(base, 'secret'));
    await writePrivateFile(path.join(base, 'secret'), 'new');
    expect(readFileSync(target, 'utf8')).toBe('untouched');
  });

  it('that cannot be written leaves nothing behind', async () => {
    mkdirSync(path.join(base, 'taken', 'full'), { recursive: true });
    await expect(writePrivateFile(path.join(base, 'taken'), 'x')).rejects.toThrow();
    expect(readdirSync(base)).toEqual(['taken']);
  });

  it('is null when there is none', async () => {
    expect(await readPrivateFile(path.join(base, 'none'))).toBeNull();
  });

  it('that cannot be used is kept beside its place', async () => {
    const file = path.join(base, 'agent.json');
    writeFileSync(file, 'half');
    const aside = await setAside(file, Date.UTC(2026, 0, 2, 3, 4, 5));
    expect(aside).toBe(`${file}.corrupt-20260102T030405Z`);
    expect(readFileSync(aside, 'utf8')).toBe('half');
  });
});
