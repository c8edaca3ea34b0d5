/** What is wrong with the store itself, told by the engine's codes, never by its words. */
import { z } from 'zod';

/**
 * `cannot-write`: the disk is full or refuses; `damaged`: what is there is not (any more) a database; `busy`: others hold it;
 * `unreachable`: its server does not answer.
 */
export type StoreFault = 'cannot-write' | 'damaged' | 'busy' | 'unreachable';
/**
 * `untrusted`: its server’s certificate cannot be verified; `refused`: it lets this user not in, or not do it; `newer`: a newer version of the
 * program has changed its tables.
 */
export type OpenFault = StoreFault | 'untrusted' | 'refused' | 'newer';

const sqliteError = z.object({ code: z.literal('ERR_SQLITE_ERROR'), errcode: z.int() });

/** Primary result codes; an extended code has its primary one in the low byte. https://sqlite.org/rescode.html */
const ofSqlite: Readonly<Partial<Record<number, StoreFault>>> = {
  5: 'busy',
  6: 'busy',
  8: 'cannot-write',
  10: 'cannot-write',
  11: 'damaged',
  13: 'cannot-write',
  14: 'cannot-write',
  26: 'damaged',
};

const codedError = z.object({ code: z.string() });

/** The disk is full, over its quota, broken or mounted to be read only, wherever that shows. */
const ofDisk: ReadonlyMap<string, StoreFault> = new Map<string, StoreFault>([
  ['EDQUOT', 'cannot-write'],
  ['EIO', 'cannot-write'],
  ['ENOSPC', 'cannot-write'],
  ['EROFS', 'cannot-write'],
]);

/** Of PostgreSQL, and those that `driver.ts` gives to lost connections. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const ofPostgres: ReadonlyMap<string, StoreFault> = new Map<string, StoreFault>([
  ['ERR_STORE_CONNECTION', 'unreachable'],
  ['ERR_STORE_UNTRUSTED', 'unreachable'],
  ['25006', 'cannot-write'], // read only
  ['25P03', 'busy'], // idle in transaction for too long
  ['40001', 'busy'], // serialization failure
  ['40P01', 'busy'], // deadlock
  ['53100', 'cannot-write'], // disk full
  ['53200', 'busy'], // out of memory
  ['53300', 'busy'], // too many connections
  ['55P03', 'busy'], // lock not available
  ['57014', 'busy'], // statement time-out
  ['57P01', 'unreachable'], // shutting down
  ['57P02', 'unreachable'], // another of its processes crashed
  ['57P03', 'unreachable'], // starting or stopping
  ['58030', 'cannot-write'], // I/O error
  ['XX001', 'damaged'],
  ['XX002', 'damaged'],
]);

/** Whoever reads them is opening the store, or nobody: once it is open they are bugs, or say less. */
const whileOpening: ReadonlyMap<string, OpenFault> = new Map<string, OpenFault>([
  // The place itself is missing or somebody else's.
  ['EACCES', 'cannot-write'],
  ['EEXIST', 'cannot-write'],
  ['EISDIR', 'cannot-write'],
  ['ENOENT', 'cannot-write'],
  ['ENOTDIR', 'cannot-write'],
  ['EPERM', 'cannot-write'],
  ['28000', 'refused'], // not allowed to connect
  ['28P01', 'refused'], // wrong password
  ['3D000', 'refused'], // no such database
  ['42501', 'refused'], // no right to do it
  ['ERR_STORE_NEWER', 'newer'],
  ['ERR_STORE_UNTRUSTED', 'untrusted'],
]);

/** Null: the error is not the store's. */
export function storeFault(error: unknown): StoreFault | null {
  const sqlite = sqliteError.safeParse(error);
  if (sqlite.success) return ofSqlite[sqlite.data.errcode & 0xff] ?? null;
  const coded = codedError.safeParse(error);
  return coded.success ? (ofDisk.get(coded.data.code) ?? ofPostgres.get(coded.data.code) ?? null) : null;
}

/** As `storeFault`, of an error that came while the store was opened. */
export function openFault(error: unknown): OpenFault | null {
  const coded = codedError.safeParse(error);
  return (coded.success ? whileOpening.get(coded.data.code) : undefined) ?? storeFault(error);
}
