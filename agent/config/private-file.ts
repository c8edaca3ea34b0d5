/** Files that only their owner may read, written so that a crash leaves the old or the new one, never half of one. */
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

export type FolderState =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'folder-unusable' | 'folder-open'; readonly message: string };

/** Makes the folder, or looks whether an existing one can be trusted: who may write in it could replace the key. */
export async function preparePrivateFolder(folder: string): Promise<FolderState> {
  try {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) await chmod(folder, 0o700); // whatever the umask
    const found = await stat(folder);
    if (process.platform !== 'win32' && !isTrusted(found, process.getuid?.() ?? -1)) {
      return { ok: false, code: 'folder-open', message: `Others may write in ${folder}. Run: chmod 700 '${folder}'` };
    }
    await tryWriting(folder);
    return { ok: true };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { ok: false, code: 'folder-unusable', message: `The folder ${folder} cannot be used: ${detail}` };
  }
}

function isTrusted(folder: { readonly mode: number; readonly uid: number }, uid: number): boolean {
  return (folder.mode & 0o022) === 0 && (folder.uid === uid || folder.uid === 0);
}

/** As much as a configuration takes: a full disk is better found now than when there is something to lose. */
async function tryWriting(folder: string): Promise<void> {
  const file = path.join(folder, 'written.try');
  await writePrivateFile(file, ' '.repeat(4096), false);
  await rm(file, { force: true });
}

/**
 * Throws when it cannot be written. What is true only while this process lives need not be on the disk: it is not
 * `durable`, and wakes none.
 */
export async function writePrivateFile(file: string, text: string, durable = true): Promise<void> {
  const fresh = `${file}.${randomUUID()}.new`;
  try {
    const handle = await open(fresh, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      if (durable) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  if (durable) await syncFolder(path.dirname(file));
}

/** The new name is on the disk only when the folder is. Windows cannot open one, and needs not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Null when there is none. Throws when it cannot be read. */
export async function readPrivateFile(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Keeps what cannot be used beside its place and tells where. */
export async function setAside(file: string, now: number): Promise<string> {
  const aside = `${file}.corrupt-${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/gu, '')}`;
  await rename(file, aside);
  return aside;
}
