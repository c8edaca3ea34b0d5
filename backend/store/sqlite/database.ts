/** SQLite as this store uses it: the synchronous interface that `node:sqlite` and `@photostructure/sqlite` share. */
import type { Bindable } from '../bindable.ts';

export interface Statement {
  all<R>(...parameters: Bindable[]): R[];
  run(...parameters: Bindable[]): { readonly changes: number | bigint };
  iterate<R>(...parameters: Bindable[]): IterableIterator<R>;
  /** Rows as lists of their values. As the next, not in older versions of `node:sqlite`. */
  setReturnArrays?(on: boolean): void;
  columns?(): readonly { readonly name: string }[];
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
