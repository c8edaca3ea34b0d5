/** Puts a shell's init file where only its account reads it: it holds the session's nonce, and is gone once the shell has begun. */
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Account } from '../users/account.ts';
import type { InitFile } from './integration.ts';

export interface PlacedFile {
  readonly path: string;
  /** At once or later, once or more. */
  readonly remove: () => Promise<void>;
}

/** Null where that cannot be done: the shell then starts without it. */
export async function placeInitFile(
  { name, text }: InitFile,
  account: Account,
  own: Account,
): Promise<PlacedFile | null> {
  const folder = await mkdtemp(path.join(tmpdir(), 'webxterm-shell-')).catch(() => null);
  if (folder === null) return null;
  const remove = async () => rm(folder, { recursive: true, force: true }).catch(() => undefined);
  const file = path.join(folder, name);
  try {
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
    if (account.uid !== own.uid) {
      await chown(file, account.uid, account.gid);
      // Passed through, and no more: in a folder of its own the account could lead who removes it elsewhere.
      await chmod(folder, 0o711);
    }
    return { path: file, remove };
  } catch {
    await remove();
    return null;
  }
}
