/** What `launch.ts` asks of the computer the agent really runs on. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, constants, readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { placeInitFile } from '../shell/place.ts';
import { findAccount, ownAccount } from '../users/account.ts';
import type { LaunchSystem } from './launch.ts';

const run = promisify(execFile);
const TRUSTED_FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];
export const trustedEnv = { PATH: TRUSTED_FOLDERS.join(':') };
const probe = { timeout: 10_000, env: trustedEnv };

export function createLaunchSystem(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): LaunchSystem {
  const own = ownAccount();
  let locales: Promise<readonly string[] | null> | null = null;
  return {
    platform,
    own,
    env,
    findAccount,
    readText: (file) => readFile(file, 'utf8').catch(() => null),
    isExecutable,
    isFolder,
    installedLocales: () => (locales ??= listLocales()),
    findSetpriv: createSetprivFinder(),
    newNonce: () => randomBytes(18).toString('base64url'),
    placeInitFile: async (file, account) => placeInitFile(file, account, own),
  };
}

/** What worked once is not tried again: it is asked for each session. */
function createSetprivFinder(): LaunchSystem['findSetpriv'] {
  const found = new Map<string, string>();
  return async (args) => {
    const key = args.join(' ');
    const known = found.get(key);
    if (known !== undefined) return known;
    for (const file of TRUSTED_FOLDERS.map((folder) => `${folder}/setpriv`)) {
      if (!(await works(file, args))) continue;
      found.set(key, file);
      return file;
    }
    return null;
  };
}

const works = (setpriv: string, args: readonly string[]) =>
  run(setpriv, [...args, '--', 'true'], probe).then(
    () => true,
    () => false, // not there, a smaller one that lacks these options, or not allowed here
  );

async function listLocales(): Promise<readonly string[] | null> {
  const listed = await run('locale', ['-a'], probe).catch(() => null);
  return listed === null ? null : listed.stdout.split('\n').filter((name) => name !== '');
}

async function isExecutable(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found?.isFile() === true && (await may(file, constants.X_OK));
}

async function isFolder(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => null);
  return found?.isDirectory() === true && (await may(folder, constants.X_OK));
}

const may = (file: string, mode: number) =>
  access(file, mode).then(
    () => true,
    () => false,
  );
