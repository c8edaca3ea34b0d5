/** The data folder: the store and the signing secret, readable by their owner only, each service of it by one process at a time. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Service } from '../../protocol/api/table.ts';
import { openFault } from '../store/fault.ts';
import { openStore, type StorePlace } from '../store/open.ts';
import type { SqliteLibrary } from '../store/sqlite/database.ts';
import type { Store } from '../store/store.ts';

export interface DataParts {
  readonly folder: string;
  /** Null: the store is a file in the folder. */
  readonly databaseUrl: string | null;
  readonly library: SqliteLibrary;
  readonly now: () => number;
  readonly newObjectId: () => string;
}
/** `data-in-use`: another server has it; `data-busy`: a write of another process does not end. `database-…`: of its server. */
export type DataFault =
  | 'data-not-writable'
  | 'data-damaged'
  | 'data-newer'
  | 'data-in-use'
  | 'data-busy'
  | 'database-unreachable'
  | 'database-untrusted'
  | 'database-refused';
export type Got<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: DataFault };

/** The store alone: commands use it beside a running server. */
export async function openData(parts: DataParts): Promise<Got<Store>> {
  try {
    mkdirSync(parts.folder, { recursive: true, mode: 0o700 });
    return { ok: true, value: await openStore({ ...parts, place: placeOf(parts) }) };
  } catch (error) {
    const code = dataFault(error);
    if (code === null) throw error;
    return { ok: false, code };
  }
}

export function placeOf({ folder, databaseUrl, library }: Omit<DataParts, 'now' | 'newObjectId'>): StorePlace {
  return databaseUrl === null ? { library, path: join(folder, 'store.db') } : { databaseUrl };
}

/**
 * Held by whoever serves the folder, one for each service: the two may run apart. A lock is the system's, on an open file:
 * a process that dies loses it at once.
 */
export function lockData({ folder, library, services }: LockParts): Got<Disposable> {
  const held: Disposable[] = [];
  const release = (): void => {
    for (const lock of held) lock[Symbol.dispose]();
  };
  for (const service of services) {
    const lock = lockFile({ folder, library, name: `${service}.lock` });
    if (!lock.ok) {
      release();
      return lock;
    }
    held.push(lock.value);
  }
  return { ok: true, value: { [Symbol.dispose]: release } };
}

export interface LockParts extends Pick<DataParts, 'folder' | 'library'> {
  readonly services: readonly Service[];
}

function lockFile({ folder, library, name }: Omit<LockParts, 'services'> & { readonly name: string }): Got<Disposable> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, name);
    writeFileSync(path, '', { flag: 'a', mode: 0o600 });
    const lock = new library.DatabaseSync(path, { readOnly: false, timeout: 0 });
    try {
      lock.exec('begin exclusive');
    } catch (error) {
      lock.close();
      throw error;
    }
    return { ok: true, value: { [Symbol.dispose]: () => lock.close() } };
  } catch (error) {
    const code = dataFault(error);
    if (code === null) throw error;
    return { ok: false, code: code === 'data-busy' ? 'data-in-use' : code };
  }
}

/** Made on first use. The one that comes second, of two at the same moment, takes what the first has written. */
export function signingSecret(folder: string): Got<string> {
  const path = join(folder, 'jwt-secret');
  try {
    writeFileSync(path, randomBytes(48).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!existsAlready.safeParse(error).success) return { ok: false, code: 'data-not-writable' };
  }
  try {
    const secret = readFileSync(path, 'utf8').trim();
    // Cut off by a full disk, say: short is guessable.
    return secret.length < 32 ? { ok: false, code: 'data-damaged' } : { ok: true, value: secret };
  } catch {
    return { ok: false, code: 'data-not-writable' };
  }
}

const existsAlready = z.object({ code: z.literal('EEXIST') });

export function dataFault(error: unknown): DataFault | null {
  switch (openFault(error)) {
    case 'cannot-write':
      return 'data-not-writable';
    case 'damaged':
      return 'data-damaged';
    case 'newer':
      return 'data-newer';
    case 'busy':
      return 'data-busy';
    case 'unreachable':
      return 'database-unreachable';
    case 'untrusted':
      return 'database-untrusted';
    case 'refused':
      return 'database-refused';
    case null:
      return null;
  }
}
