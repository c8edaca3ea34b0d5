/** The environment of a shell: as at a login, and nothing of the agent's own. */
import { describe, expect, it } from 'vitest';
import { parseAssignments, unixEnvironment, windowsEnvironment } from './environment.ts';

const login = {
  account: { name: 'ann', uid: 1000, gid: 1000, home: '/home/ann', shell: '/bin/zsh' },
  shell: '/bin/zsh',
  session: 's1',
  locale: { LANG: 'de_DE.UTF-8' },
  system: {},
  runtimeFolder: null,
};

describe('on Linux and macOS', () => {
  it('says who and where the person is, and what the terminal can do', () => {
    expect(unixEnvironment(login, 'linux')).toEqual({
      PATH: '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games',
      LANG: 'de_DE.UTF-8',
      HOME: '/home/ann',
      USER: 'ann',
      LOGNAME: 'ann',
      SHELL: '/bin/zsh',
      TERM: 'xterm-256color',
      COLORTERM: 'truecolor',
      WEBXTERM_SESSION: 's1',
    });
  });

  it('takes what the system sets for every login, but not who the person is', () => {
    const env = unixEnvironment(
      { ...login, system: { PATH: '/opt/bin', HTTP_PROXY: 'http://p', HOME: '/x' } },
      'linux',
    );
    expect(env).toMatchObject({ PATH: '/opt/bin', HTTP_PROXY: 'http://p', HOME: '/home/ann' });
  });

  it('gives root the system’s programs, macOS Homebrew’s', () => {
    const root = { ...login, account: { ...login.account, uid: 0 } };
    expect(unixEnvironment(root, 'linux')['PATH']).toContain('/usr/sbin');
    expect(unixEnvironment(login, 'darwin')['PATH']).toContain('/opt/homebrew/bin');
  });

  it('names the runtime folder where there is one', () => {
    const env = unixEnvironment({ ...login, runtimeFolder: '/run/user/1000' }, 'linux');
    expect(env['XDG_RUNTIME_DIR']).toBe('/run/user/1000');
  });
});

describe('on Windows', () => {
  it('takes what Windows itself set and nothing else', () => {
    const own = {
      SystemRoot: 'C:\\Windows',
      PATH: 'C:\\bin',
      WEBXTERM_TOKEN: 'secret',
      HTTPS_PROXY: 'http://u:p@x',
      AWS_SECRET: 's',
    };
    expect(windowsEnvironment(own, 's1')).toEqual({
      SystemRoot: 'C:\\Windows',
      PATH: 'C:\\bin',
      TERM: 'xterm-256color',
      COLORTERM: 'truecolor',
      WEBXTERM_SESSION: 's1',
    });
  });
});

describe('parseAssignments', () => {
  it('reads what PAM reads', () => {
    const text =
      '# a comment\nPATH="/a:/b"\nexport LANG=de_DE.UTF-8\nEMPTY=\nNOTE=one two # why\n  X=\'1 # 2\'\nnot an assignment\n';
    expect(parseAssignments(text)).toEqual({
      PATH: '/a:/b',
      LANG: 'de_DE.UTF-8',
      EMPTY: '',
      NOTE: 'one two',
      X: '1 # 2',
    });
  });
});
