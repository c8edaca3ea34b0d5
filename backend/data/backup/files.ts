/** What a data folder holds beside the database: everything in its folders. Its own files (the secret, locks, the store) are not of a backup. */
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Line } from './archive.ts';

/** Where files wait until the store is replaced, and where the old ones go until the new ones are there. */
const COMING = 'restoring';
const GOING = 'replaced';
const PART = 256 * 1024;

type FileLine = Extract<Line, { file: string }>;

/** A file that grows meanwhile is taken as long as it was at first; one that goes was not needed. */
export async function* fileLines(folder: string): AsyncGenerator<FileLine> {
  for (const kept of await keptFolders(folder)) {
    const found = await readdir(path.join(folder, kept), { recursive: true, withFileTypes: true });
    for (const entry of found.filter((one) => one.isFile())) {
      const full = path.join(entry.parentPath, entry.name);
      yield* linesOf(path.relative(folder, full).split(path.sep).join('/'), full);
    }
  }
}

async function* linesOf(name: string, full: string): AsyncGenerator<FileLine> {
  const size = await sizeOf(full);
  if (size === null) return;
  yield { file: name, data: '', begins: true };
  if (size === 0) return;
  for await (const chunk of createReadStream(full, { highWaterMark: PART, end: size - 1 })) {
    yield { file: name, data: Buffer.from(chunk).toString('base64'), begins: false };
  }
}

async function sizeOf(full: string): Promise<number | null> {
  try {
    return (await stat(full)).size;
  } catch {
    return null;
  }
}

export async function hasFiles(folder: string): Promise<boolean> {
  for (const kept of await keptFolders(folder)) {
    const found = await readdir(path.join(folder, kept), { recursive: true, withFileTypes: true });
    if (found.some((one) => one.isFile())) return true;
  }
  return false;
}

async function keptFolders(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { withFileTypes: true });
  return found.filter((one) => one.isDirectory() && ![COMING, GOING].includes(one.name)).map(({ name }) => name);
}

export interface IncomingFiles {
  take(line: FileLine): Promise<void>;
  /** In the place of those that were there. */
  putInPlace(): Promise<void>;
  forget(): Promise<void>;
}

export async function incomingFiles(folder: string): Promise<IncomingFiles> {
  const coming = path.join(folder, COMING);
  const going = path.join(folder, GOING);
  await rm(coming, { recursive: true, force: true });
  await mkdir(coming, { mode: 0o700 });
  return {
    async take({ file, data, begins }) {
      const full = path.resolve(coming, file);
      if (!full.startsWith(coming + path.sep))
        throw new Error('a file of the backup would be written outside of the data folder');
      await mkdir(path.dirname(full), { recursive: true, mode: 0o700 });
      await using handle = await open(full, begins ? 'w' : 'a', 0o600);
      await handle.writeFile(Buffer.from(data, 'base64'));
    },
    async putInPlace() {
      await rm(going, { recursive: true, force: true });
      await mkdir(going, { mode: 0o700 });
      for (const name of await keptFolders(folder)) await rename(path.join(folder, name), path.join(going, name));
      for (const name of await readdir(coming)) await rename(path.join(coming, name), path.join(folder, name));
      await rm(coming, { recursive: true });
      await rm(going, { recursive: true });
    },
    forget: () => rm(coming, { recursive: true, force: true }),
  };
}
