/** Whose shells the tests work in: an account of their own as root, for nobody's start files are to be trusted; else oneself, at a home of its own. */
import { execFileSync } from 'node:child_process';
import { makeFolder } from './folder.ts';

export interface ShellAccount extends AsyncDisposable {
  readonly home: string;
  /** What the agent has to be told: nothing but as root. */
  readonly linuxUser: string | null;
}

let made = 0;

export async function createShellAccount(): Promise<ShellAccount> {
  if (process.getuid?.() !== 0) {
    const home = await makeFolder('home');
    return { home: home.path, linuxUser: null, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
  }
  made += 1;
  const linuxUser = `wxt-${process.pid}-${made}`;
  execFileSync('useradd', ['--create-home', '--shell', '/bin/bash', '--user-group', linuxUser]);
  return {
    home: `/home/${linuxUser}`,
    linuxUser,
    [Symbol.asyncDispose]: () => {
      execFileSync('userdel', ['--force', '--remove', linuxUser], { stdio: 'ignore' });
      return Promise.resolve();
    },
  };
}

/** For `webxterm-agent configure`. */
export const asAccount = ({ linuxUser }: ShellAccount): readonly string[] =>
  linuxUser === null ? [] : ['--linux-user', linuxUser];
