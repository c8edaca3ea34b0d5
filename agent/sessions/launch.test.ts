/** From a wish to a command, on computers made up for the test. */
import { describe, expect, it } from 'vitest';
import type { Launch } from './effect.ts';
import { planLaunch, type LaunchSystem } from './launch.ts';

const wish: Launch = {
  type: 'open',
  session_id: 's1',
  user_id: 'u1',
  username: 'ann',
  source: 'desktop',
  machine_role: 'non-sudo',
  cols: 80,
  rows: 24,
  ttl_s: 60,
};
const root = { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/bash' };
const ann = { name: 'ann', uid: 1000, gid: 1000, home: '/home/ann', shell: '/bin/bash' };
const settings = { linuxUser: null, serverLinuxUser: null, allowSudo: false };

function system(change: Partial<LaunchSystem> = {}): LaunchSystem {
  const folders = ['/home/ann', '/srv', '/root/secret'];
  return {
    platform: 'linux',
    own: ann,
    env: {},
    findAccount: (name) => Promise.resolve(name === 'ann' ? ann : null),
    readText: () => Promise.resolve(null),
    isExecutable: (file) => Promise.resolve(file === '/bin/bash'),
    isFolder: (folder) => Promise.resolve(folders.includes(folder)),
    installedLocales: () => Promise.resolve(['C.utf8']),
    findSetpriv: () => Promise.resolve('/usr/bin/setpriv'),
    placeInitFile: () => Promise.resolve(null),
    newNonce: () => 'n0nce',
    ...change,
  };
}

async function cwdOf(cwd: string, change: Partial<LaunchSystem> = {}): Promise<string> {
  const plan = await planLaunch({ ...wish, cwd }, settings, system(change));
  return plan.ok ? plan.command.cwd : plan.code;
}

describe('a shell of the person who runs the agent', () => {
  it('non-sudo goes through setpriv', async () => {
    const plan = await planLaunch(wish, settings, system());
    expect(plan).toMatchObject({
      ok: true,
      role: 'non-sudo',
      command: { file: '/usr/bin/setpriv', args: ['--no-new-privs', '--', '/bin/bash', '-l'], cwd: '/home/ann' },
    });
  });

  it('sudo runs as it is', async () => {
    const plan = await planLaunch({ ...wish, machine_role: 'sudo' }, { ...settings, allowSudo: true }, system());
    expect(plan).toMatchObject({ ok: true, role: 'sudo', command: { file: '/bin/bash', args: ['-l'] } });
  });

  it('starts where it was asked to, else at home, else at the root', async () => {
    expect(await cwdOf('/srv')).toBe('/srv');
    expect(await cwdOf('/gone')).toBe('/home/ann');
    expect(await cwdOf('/gone', { isFolder: () => Promise.resolve(false) })).toBe('/');
  });

  it('is refused where setpriv is missing', async () => {
    const plan = await planLaunch(wish, settings, system({ findSetpriv: () => Promise.resolve(null) }));
    expect(plan).toMatchObject({ ok: false, code: 'role-not-enforceable' });
  });

  it('is refused where there is no such shell', async () => {
    const plan = await planLaunch({ ...wish, shell: '/bin/none' }, settings, system());
    expect(plan).toMatchObject({ ok: false, code: 'shell-not-found' });
  });
});

describe('a shell an agent of root opens', () => {
  const asAnn = { ...settings, linuxUser: 'ann' };

  it('becomes the other account', async () => {
    const plan = await planLaunch(wish, asAnn, system({ own: root }));
    if (!plan.ok) throw new Error(plan.message);
    expect(plan.command.args).toEqual(expect.arrayContaining(['--reuid=1000', '--init-groups', '--no-new-privs']));
    expect(plan.command.cwd).toBe('/home/ann');
  });

  it('enters a folder as that account, which may not see what root sees', async () => {
    const plan = await planLaunch({ ...wish, cwd: '/root/secret' }, asAnn, system({ own: root }));
    if (!plan.ok) throw new Error(plan.message);
    expect(plan.command.cwd).toBe('/home/ann');
    expect(plan.command.args.slice(-4)).toEqual(['sh', '/root/secret', '/bin/bash', '-l']);
  });

  it('is refused for an account that is not there', async () => {
    const plan = await planLaunch(wish, { ...settings, linuxUser: 'eve' }, system({ own: root }));
    expect(plan).toMatchObject({ ok: false, code: 'user-not-found' });
  });

  it('is refused where nobody said whose it is', async () => {
    expect(await planLaunch(wish, settings, system({ own: root }))).toMatchObject({ code: 'role-not-enforceable' });
  });
});

describe('a shell on Windows', () => {
  const windows = system({
    platform: 'win32',
    own: { name: 'ann', uid: -1, gid: -1, home: 'C:\\Users\\ann', shell: '' },
    env: { SystemRoot: 'C:\\Windows', Path: 'C:\\bin' },
    isExecutable: (file) => Promise.resolve(file.endsWith('powershell.exe')),
    isFolder: (folder) => Promise.resolve(folder === 'C:\\Users\\ann'),
  });

  it('is PowerShell at home', async () => {
    const plan = await planLaunch({ ...wish, machine_role: 'sudo' }, { ...settings, allowSudo: true }, windows);
    expect(plan).toMatchObject({
      ok: true,
      command: {
        file: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
        args: ['-NoLogo'],
        cwd: 'C:\\Users\\ann',
      },
    });
  });

  it('non-sudo is refused', async () => {
    expect(await planLaunch(wish, settings, windows)).toMatchObject({ code: 'role-not-enforceable' });
  });
});
