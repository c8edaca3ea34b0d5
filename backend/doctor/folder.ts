/** The data folder: whose it is, how much room it has, and the secret that signs tokens. */
import { access, constants, readFile, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, ok, warning, type Finding } from './finding.ts';

const SCARCE_BYTES = 1024 ** 3;
const LEAST_BYTES = 100 * 1024 ** 2;
/** Of a secret that was typed and not drawn there are few different characters. */
const DISTINCT = 12;

export async function examineFolder(folder: string, jwtSecret: string | null): Promise<readonly Finding[]> {
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) {
    return [
      failed(
        'data folder',
        `There is no folder ${folder}.`,
        'Start the server once, or name the right one with --data.',
      ),
    ];
  }
  return [
    await examineRights(folder, found.mode),
    await examineRoom(folder),
    jwtSecret === null ? await examineSecretFile(join(folder, 'jwt-secret')) : examineSecret(jwtSecret, 'JWT_SECRET'),
  ];
}

async function examineRights(folder: string, mode: number): Promise<Finding> {
  const check = 'data folder';
  const isWritable = await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isWritable)
    return failed(check, `${folder} cannot be written.`, 'Run this, and the server, as the user who owns it.');
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    return failed(check, `Others of this computer can look into ${folder}.`, `Run: chmod 700 ${folder}`);
  }
  return ok(check, `${folder} can be written, by its owner only.`);
}

async function examineRoom(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const says = `There are ${(free / 1024 ** 3).toFixed(1)} GiB free where ${folder} is.`;
  const remedy = 'Make room: without it nobody can sign in, and no terminal opens.';
  if (free < LEAST_BYTES) return failed('disk', says, remedy);
  return free < SCARCE_BYTES ? warning('disk', says, remedy) : ok('disk', says);
}

async function examineSecretFile(path: string): Promise<Finding> {
  const check = 'secret';
  const found = await stat(path).catch(() => null);
  if (!found) return warning(check, 'No secret signs tokens yet.', 'Start the server once: it makes one.');
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    return failed(
      check,
      `Others can read ${path}, and sign tokens with it.`,
      `Delete it and start the server anew: it makes another, and everybody signs in again.`,
    );
  }
  return examineSecret((await readFile(path, 'utf8')).trim(), path);
}

function examineSecret(secret: string, where: string): Finding {
  if (secret.length >= 32 && new Set(secret).size >= DISTINCT)
    return ok('secret', 'The secret that signs tokens cannot be guessed.');
  return failed('secret', `The secret in ${where} can be guessed.`, 'Draw one: openssl rand -base64 48');
}
