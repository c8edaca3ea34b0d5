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

/** What the file system says before the engine is asked. */
const fileError = z.object({
  code: z.enum(['EACCES', 'EDQUOT', 'EIO', 'EISDIR', 'ENOENT', 'ENOSPC', 'ENOTDIR', 'EPERM', 'EROFS']),
});

/** Null: the error is not the store's. */
export function storeFault(error: unknown): StoreFault | null {
  const known = sqliteError.safeParse(error);
  if (known.success) return faults[known.data.errcode & 0xff] ?? null;
  return fileError.safeParse(error).success ? 'cannot-write' : null;
}
