import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLogFile } from './log-file.ts';
import { openLog } from './log.ts';

let profile = '';
beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), 'webxterm-log-'));
});
afterEach(() => {
  rmSync(profile, { recursive: true, force: true });
});

describe('the log', () => {
  it('holds no secret, wherever in a line it stands', () => {
    using log = openLog(profile, () => 0);
    log.info({ token: 'tok-1', password: 'pass-1', answer: { token: 'tok-2' }, account: 'a' }, 'signed in');
    const written = readFileSync(join(profile, 'logs', 'desktop.log'), 'utf8');
    expect(written).toContain('"account":"a"');
    expect(written).not.toMatch(/tok-1|tok-2|pass-1/);
  });

  it('is for the person alone', () => {
    using log = openLog(profile, () => 0);
    log.info('a line');
    expect(statSync(join(profile, 'logs')).mode & 0o777).toBe(0o700);
    expect(statSync(join(profile, 'logs', 'desktop.log')).mode & 0o777).toBe(0o600);
  });

  it('stays bounded: the oldest lines go', () => {
    const folder = join(profile, 'logs');
    using file = openLogFile({ folder, name: 'x.log', maxBytes: 100, keep: 2 });
    for (let n = 0; n < 100; n += 1) file.write(`line ${String(n).padStart(3, '0')} ${'.'.repeat(40)}\n`);
    expect(readdirSync(folder).toSorted()).toEqual(['x.log', 'x.log.1', 'x.log.2']);
    const all = ['x.log.2', 'x.log.1', 'x.log'].map((name) => readFileSync(join(folder, name), 'utf8')).join('');
    expect(all.length).toBeLessThanOrEqual(3 * 150);
    expect(all).toContain('line 099');
  });

  it('goes on after a restart where it was', () => {
    const options = { folder: join(profile, 'logs'), name: 'x.log', maxBytes: 1000, keep: 1 };
    for (const line of ['one\n', 'two\n']) {
      using file = openLogFile(options);
      file.write(line);
    }
    expect(readFileSync(join(profile, 'logs', 'x.log'), 'utf8')).toBe('one\ntwo\n');
  });

  it('that cannot be written stops nothing', () => {
    writeFileSync(join(profile, 'logs'), 'a file where the folder should be');
    using log = openLog(profile, () => 0);
    expect(() => log.error('a line')).not.toThrow();
  });
});
