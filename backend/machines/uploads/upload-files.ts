/** The bytes of uploads: a folder for each organization, a file for each image, named by its id and readable by this server only. */
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { z } from 'zod';

export interface UploadName {
  readonly organizationId: string;
  readonly id: string;
}
export interface UploadFiles {
  /** There with all its bytes, or not at all. */
  write(name: UploadName, bytes: Uint8Array): Promise<void>;
  /** Null: it is not there. */
  read(name: UploadName): Promise<Readable | null>;
  /** One that is not there is no fault. */
  remove(name: UploadName): Promise<void>;
  /** What lies there since before `before`, half-written ones too. */
  olderThan(before: Date): AsyncIterable<UploadName>;
}

export function createUploadFiles(folder: string): UploadFiles {
  const pathOf = ({ organizationId, id }: UploadName): string => join(folder, organizationId, id);
  return {
    async write(name, bytes) {
      await mkdir(join(folder, name.organizationId), { recursive: true, mode: 0o700 });
      const half = `${pathOf(name)}.part`;
      try {
        await writeThrough(half, bytes);
        await rename(half, pathOf(name));
      } catch (error) {
        await rm(half, { force: true });
        throw error;
      }
    },
    async read(name) {
      try {
        return (await open(pathOf(name))).createReadStream();
      } catch (error) {
        if (missing.safeParse(error).success) return null;
        throw error;
      }
    },
    remove: async (name) => rm(pathOf(name), { force: true }),
    async *olderThan(before) {
      for (const organizationId of await namesIn(folder)) {
        for (const id of await namesIn(join(folder, organizationId))) {
          const about = await stat(pathOf({ organizationId, id })).catch(() => null);
          if (about && about.mtime < before) yield { organizationId, id };
        }
      }
    },
  };
}

/** On the disk itself before it counts. */
async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

const missing = z.object({ code: z.literal('ENOENT') });
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (missing.safeParse(error).success) return [];
    throw error;
  }
}
