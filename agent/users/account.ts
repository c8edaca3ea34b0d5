/** Accounts of this computer: whose shell it is, where its home is. */
import { execFile } from 'node:child_process';
import os from 'node:os';
import process from 'node:process';
import { promisify } from 'node:util';

export interface Account {
  readonly name: string;
  /** -1 on Windows, which has no such numbers. */
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** Empty where the system names none. */
  readonly shell: string;
}

/** The account this agent runs as. A container may run it under a number that no account has. */
export function ownAccount(): Account {
  try {
    const { username, uid, gid, homedir, shell } = os.userInfo();
    return { name: username, uid, gid, home: homedir, shell: shell ?? '' };
  } catch {
    const uid = process.getuid?.() ?? -1;
    return { name: String(uid), uid, gid: process.getgid?.() ?? -1, home: os.homedir(), shell: '' };
  }
}

const run = promisify(execFile);

/** Asks the system's name service, so that accounts of a directory (LDAP, SSSD) are found too. */
export async function findAccount(name: string): Promise<Account | null> {
  const found = await run('getent', ['passwd', '--', name], { timeout: 10_000 }).catch(() => null);
  const account = found === null ? null : parsePasswd(found.stdout);
  return account?.name === name ? account : null; // a number finds an account too, but names none
}

/** `name:password:uid:gid:comment:home:shell` */
export function parsePasswd(line: string): Account | null {
  const [name, , uid, gid, , home, shell] = line.trim().split(':');
  if (!name || !home || shell === undefined) return null;
  const ids = { uid: Number(uid), gid: Number(gid) };
  if (!Number.isInteger(ids.uid) || !Number.isInteger(ids.gid)) return null;
  return { name, ...ids, home, shell };
}
