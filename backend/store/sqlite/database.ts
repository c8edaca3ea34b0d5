/** SQLite as this store uses it: the synchronous interface that `node:sqlite` and `@photostructure/sqlite` share. */

export interface Statement {
  all<R>(...parameters: Bindable[]): R[];
  run(...parameters: Bindable[]): { readonly changes: number | bigint };
  iterate<R>(...parameters: Bindable[]): IterableIterator<R>;
}
export interface Database {
  /** Older versions of `node:sqlite` do not say. */
  readonly isTransaction?: boolean;
  prepare(sql: string): Statement;
  exec(sql: string): void;
  close(): void;
}
export interface SqliteLibrary {
  readonly DatabaseSync: new (path: string, options: { readOnly: boolean; timeout: number }) => Database;
}

export type Bindable = string | number | bigint | Uint8Array | null;

/** Refuses what SQLite would store as NULL without a word: a Date, an object, NaN, undefined. */
export function bindable(value: unknown): Bindable {
  if (value === null || typeof value === 'string' || typeof value === 'bigint' || value instanceof Uint8Array)
    return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TypeError(`a ${value instanceof Date ? 'Date' : typeof value} cannot be stored as it is`);
}
