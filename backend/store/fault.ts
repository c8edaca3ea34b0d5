/** What is wrong with the store itself, told by the engine's codes, never by its words. */
import { z } from 'zod';

/** `cannot-write`: the disk is full or refuses; `damaged`: the file is not (any more) a database; `busy`: another process holds it. */
export type StoreFault = 'cannot-write' | 'damaged' | 'busy';

const sqliteError = z.object({ code: z.literal('ERR_SQLITE_ERROR'), errcode: z.int() });

/** Primary result codes; an extended code has its primary one in the low byte. https://sqlite.org/rescode.html */
const faults: Readonly<Partial<Record<number, StoreFault>>> = {
  5: 'busy',
  6: 'busy',
  8: 'cannot-write',
  10: 'cannot-write',
  11: 'damaged',
  13: 'cannot-write',
  14: 'cannot-write',
  26: 'damaged',
};

/** The disk is full, over its quota, broken or mounted to be read only, wherever that shows. */
const diskError = z.object({ code: z.enum(['EDQUOT', 'EIO', 'ENOSPC', 'EROFS']) });
/** The place itself is missing or somebody else's: of the store only while it is opened. */
const placeError = z.object({ code: z.enum(['EACCES', 'EEXIST', 'EISDIR', 'ENOENT', 'ENOTDIR', 'EPERM']) });

/** Null: the error is not the store's. */
export function storeFault(error: unknown): StoreFault | null {
  const known = sqliteError.safeParse(error);
  if (known.success) return faults[known.data.errcode & 0xff] ?? null;
  return diskError.safeParse(error).success ? 'cannot-write' : null;
}

/** As `storeFault`, of an error that came while the store was opened. */
export function openFault(error: unknown): StoreFault | null {
  return storeFault(error) ?? (placeError.safeParse(error).success ? 'cannot-write' : null);
}
