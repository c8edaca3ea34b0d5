/** Whose shell, with which rights: deny by default. */
import { describe, expect, it } from 'vitest';
import type { Account } from './account.ts';
import { chooseAccount, decideRole } from './role.ts';

const root: Account = { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/bash' };
const ann: Account = { name: 'ann', uid: 1000, gid: 1000, home: '/home/ann', shell: '/bin/bash' };

describe('whose shells are opened', () => {
  it('an agent of a person opens that person’s', () => {
    expect(chooseAccount({ own: ann, configured: null, server: null })).toEqual({ ok: true, name: 'ann' });
    expect(chooseAccount({ own: ann, configured: 'ann', server: null })).toEqual({ ok: true, name: 'ann' });
  });

  it('refuses to open them as somebody else where it cannot', () => {
    expect(chooseAccount({ own: ann, configured: null, server: 'deploy' })).toMatchObject({
      code: 'role-not-enforceable',
    });
  });

  it('refuses an agent of root that was not told whose', () => {
    expect(chooseAccount({ own: root, configured: null, server: null })).toMatchObject({
      code: 'role-not-enforceable',
    });
  });

  it('the agent’s own setting wins over the server’s', () => {
    expect(chooseAccount({ own: root, configured: 'ann', server: 'root' })).toEqual({ ok: true, name: 'ann' });
    expect(chooseAccount({ own: root, configured: null, server: 'ann' })).toEqual({ ok: true, name: 'ann' });
  });
});

describe('what a shell may become', () => {
  const linux = { platform: 'linux', own: ann, account: ann, asked: 'non-sudo', allowSudo: false } as const;

  it('non-sudo can gain no privileges', () => {
    expect(decideRole(linux)).toEqual({ ok: true, role: 'non-sudo', setpriv: ['--no-new-privs'] });
  });

  it('sudo is given only where this agent allows it', () => {
    expect(decideRole({ ...linux, asked: 'sudo', allowSudo: true })).toEqual({ ok: true, role: 'sudo', setpriv: null });
    expect(decideRole({ ...linux, asked: 'sudo' })).toMatchObject({ role: 'non-sudo', setpriv: ['--no-new-privs'] });
  });

  it('root becomes the other person with all their groups and none of its own rights', () => {
    const user = ['--reuid=1000', '--regid=1000', '--init-groups', '--inh-caps=-all'];
    expect(decideRole({ ...linux, own: root, asked: 'sudo', allowSudo: true })).toMatchObject({ setpriv: user });
    expect(decideRole({ ...linux, own: root })).toMatchObject({ setpriv: [...user, '--no-new-privs'] });
  });

  it('a shell of root is never called non-sudo', () => {
    expect(decideRole({ ...linux, own: root, account: root })).toMatchObject({
      ok: false,
      code: 'role-not-enforceable',
    });
    expect(decideRole({ ...linux, own: root, account: root, asked: 'sudo', allowSudo: true })).toMatchObject({
      ok: true,
      role: 'sudo',
    });
  });

  it.each(['darwin', 'win32'] as const)('on %s non-sudo cannot be kept and is refused, sudo is given', (platform) => {
    expect(decideRole({ ...linux, platform })).toMatchObject({ ok: false, code: 'role-not-enforceable' });
    expect(decideRole({ ...linux, platform, asked: 'sudo', allowSudo: true })).toMatchObject({
      ok: true,
      setpriv: null,
    });
  });
});
