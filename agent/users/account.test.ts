/** Accounts: as the system lists them. */
import { describe, expect, it } from 'vitest';
import { findAccount, ownAccount, parsePasswd } from './account.ts';

describe('parsePasswd', () => {
  it('reads a line of the account list', () => {
    expect(parsePasswd('ann:x:1000:1001:Ann,,,:/home/ann:/bin/zsh\n')).toEqual({
      name: 'ann',
      uid: 1000,
      gid: 1001,
      home: '/home/ann',
      shell: '/bin/zsh',
    });
  });

  it('takes an account without a shell', () => {
    expect(parsePasswd('svc:x:7:7::/srv:')?.shell).toBe('');
  });

  it.each(['', 'ann', 'ann:x:one:1::/home/ann:/bin/sh', ':x:1:1::/:/bin/sh', 'ann:x:1:1::'])('refuses %j', (line) => {
    expect(parsePasswd(line)).toBeNull();
  });
});

describe('accounts of this computer', () => {
  it('knows its own', () => {
    expect(ownAccount().uid).toBe(process.getuid?.());
  });

  it('finds another one by its name', async () => {
    expect((await findAccount('nobody'))?.name).toBe('nobody');
  });

  it('finds none by a number, nor by an option of the program it asks', async () => {
    expect(await findAccount('0')).toBeNull();
    expect(await findAccount('--help')).toBeNull();
  });
});
