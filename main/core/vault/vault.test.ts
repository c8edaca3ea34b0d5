import { describe, expect, it } from 'vitest';
import { fakeLog } from '../fake-log.ts';
import { createNotices } from '../notices.ts';
import { fakeKeychain } from './fake-keychain.ts';
import { createVault } from './vault.ts';

const setUp = () => {
  const keychain = fakeKeychain();
  const notices = createNotices();
  const log = fakeLog();
  const open = () => createVault({ keychain, notices, log });
  return { keychain, log, open, vault: open(), codes: () => notices.list.value.map(({ code }) => code) };
};

describe('the vault', () => {
  it('gives back after a restart what it was given', async () => {
    const { vault, open, codes } = setUp();
    await vault.write('ada', 'secret');
    expect(await open().read('ada')).toBe('secret');
    expect(codes()).toEqual([]);
  });

  it('keychain missing on unusual Linux desktops: says so, and keeps the secret in memory only', async () => {
    const { keychain, vault, open, codes } = setUp();
    keychain.away = 'no Secret Service';
    await vault.write('ada', 'secret');
    expect(codes()).toEqual(['keychain-missing']);
    expect(await vault.read('ada')).toBe('secret');
    expect(await open().read('ada')).toBe(null);
  });

  it('says no more of a keychain that is there again', async () => {
    const { keychain, vault, codes } = setUp();
    keychain.away = 'locked';
    await vault.write('ada', 'secret');
    keychain.away = null;
    await vault.write('ada', 'newer');
    expect(codes()).toEqual([]);
    expect(keychain.entries.get('ada')).toBe('newer');
  });

  it('forgets in order: what is written before is gone, also when nobody waited', async () => {
    const { keychain, vault } = setUp();
    const writing = vault.write('ada', 'secret');
    await vault.forget('ada');
    await writing;
    expect(keychain.entries.size).toBe(0);
    expect(await vault.read('ada')).toBe(null);
  });

  it('never writes a secret to the log', async () => {
    const { keychain, log, vault } = setUp();
    keychain.away = 'no Secret Service';
    await vault.write('ada', 'the-secret');
    await vault.forget('ada');
    expect(log.lines.join('\n')).not.toContain('the-secret');
    expect(log.lines).not.toEqual([]);
  });
});
