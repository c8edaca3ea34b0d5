/** An account of this computer that exists for one test file: for root only. */
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import type { Account } from '../../agent/users/account.ts';
import { findAccount } from '../../agent/users/account.ts';

export const isRoot = process.getuid?.() === 0;

export async function createAccount(): Promise<AsyncDisposable & { readonly account: Account }> {
  const name = `wxt${process.pid}${Math.floor(performance.now())}`.slice(0, 31);
  execFileSync('/usr/sbin/useradd', ['--create-home', '--shell', '/bin/bash', '--user-group', name]);
  const account = await findAccount(name);
  if (account === null) throw new Error(`${name} was not made`);
  return {
    account,
    [Symbol.asyncDispose]: () => {
      execFileSync('/usr/sbin/userdel', ['--force', '--remove', name], { stdio: 'ignore' });
      return Promise.resolve();
    },
  };
}
