/** The real embedded engine, with every statement that was run noted: what was asked of it, and how many rows it gave. */
import { DatabaseSync } from '@photostructure/sqlite';
import type { Bindable } from '../../backend/store/bindable.ts';
import type { Database, SqliteLibrary, Statement } from '../../backend/store/sqlite/database.ts';

export interface Ran {
  readonly sql: string;
  readonly rows: number;
}

export function watchedEngine(): { readonly library: SqliteLibrary; readonly ran: Ran[] } {
  const ran: Ran[] = [];
  class Watched implements Database {
    readonly #engine: Database;
    constructor(path: string, options: { readOnly: boolean; timeout: number }) {
      this.#engine = new DatabaseSync(path, options);
    }
    get isTransaction(): boolean {
      return this.#engine.isTransaction !== false;
    }
    prepare(sql: string): Statement {
      const statement = this.#engine.prepare(sql);
      return {
        all<R>(...parameters: Bindable[]): R[] {
          const rows = statement.all<R>(...parameters);
          ran.push({ sql, rows: rows.length });
          return rows;
        },
        run: (...parameters) => statement.run(...parameters),
        iterate: <R>(...parameters: Bindable[]) => statement.iterate<R>(...parameters),
      };
    }
    exec(sql: string): void {
      this.#engine.exec(sql);
    }
    close(): void {
      this.#engine.close();
    }
  }
  return { library: { DatabaseSync: Watched }, ran };
}

/** How the engine would go about it. */
export function planOf(path: string, { sql }: Ran): string {
  const database: Database = new DatabaseSync(path, { readOnly: true, timeout: 0 });
  try {
    const wanted = [...sql.matchAll(/\?/g)].map(() => '');
    const plan = database.prepare(`explain query plan ${sql}`);
    return plan
      .all<{ detail: string }>(...wanted)
      .map(({ detail }) => detail)
      .join('\n');
  } finally {
    database.close();
  }
}
