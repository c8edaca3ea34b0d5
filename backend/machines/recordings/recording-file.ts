/** The file of a recording: where it lies, readable by its owner only, written at a place that is known. */
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { GapReason } from './gap.ts';

/** Of which session. Both ids are made by this service: nothing that anybody chose names a file. */
export interface RecordingKey {
  readonly organizationId: string;
  readonly sessionId: string;
}
export interface RecordingFile {
  /** May take less than all, as a file does. */
  write(bytes: Buffer, from: number, length: number, position: number): Promise<{ readonly bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}
/** What a recorder does to the disk; a test may hold it. */
export interface Disk {
  open(path: string): Promise<RecordingFile>;
}

const SUFFIX = '.recording';
const organizationName = z.string().regex(/^[0-9a-f]{24}$/);

export function fileOf(folder: string, { organizationId, sessionId }: RecordingKey): string {
  return path.join(folderOf(folder, organizationId), z.uuid().parse(sessionId) + SUFFIX);
}

export function folderOf(folder: string, organizationId: string): string {
  return path.join(folder, organizationName.parse(organizationId));
}

/** Beside the folders of organizations, and laid out as they are. */
export function strayFolder(folder: string): string {
  return path.join(folder, 'stray');
}

/** Its time is that of this. */
export async function setAside(folder: string, key: RecordingKey, at: Date): Promise<void> {
  const to = fileOf(strayFolder(folder), key);
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
  await utimes(fileOf(folder, key), at, at);
  await rename(fileOf(folder, key), to);
}

/** What was written to last before `before`. What is named otherwise is none of ours. */
export async function* filesOlderThan(folder: string, before: Date): AsyncGenerator<RecordingKey> {
  for (const organizationId of await namesIn(folder)) {
    if (!organizationName.safeParse(organizationId).success) continue;
    for (const name of await namesIn(folderOf(folder, organizationId))) {
      const sessionId = path.basename(name, SUFFIX);
      if (!name.endsWith(SUFFIX) || !z.uuid().safeParse(sessionId).success) continue;
      const about = await stat(fileOf(folder, { organizationId, sessionId })).catch(() => null);
      if (about && about.mtime < before) yield { organizationId, sessionId };
    }
  }
}

/** None, where there is no folder yet. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

export const realDisk: Disk = {
  async open(file) {
    const flags = constants.O_RDWR | constants.O_CREAT;
    try {
      return await open(file, flags, 0o600);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      return open(file, flags, 0o600);
    }
  },
};

export async function writeAt(file: Pick<RecordingFile, 'write'>, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

export async function removeFile(file: string): Promise<void> {
  await rm(file, { recursive: true, force: true });
}

const systemError = z.object({ code: z.string() });
export function codeOf(error: unknown): string | null {
  return systemError.safeParse(error).data?.code ?? null;
}

export function troubleOf(error: unknown): GapReason {
  const code = codeOf(error);
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'disk-full' : 'disk-failed';
}
