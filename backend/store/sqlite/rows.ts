/** Rows out of SQLite: taken as lists and named here, which takes half as long as having the library name each value of each row. */
import type { Bindable } from '../bindable.ts';
import type { Database, Statement } from './database.ts';

type Values = readonly Bindable[];

/** A star may come to stand for other columns, when another process changes the tables: those the library names each time. */
export function prepareRows(database: Database, sql: string): Statement {
  const statement = database.prepare(sql);
  if (sql.includes('*') || !statement.setReturnArrays || !statement.columns) return statement;
  statement.setReturnArrays(true);
  const columns = statement.columns().map(({ name }) => name);
  return {
    all: named(statement, columns),
    run: (...parameters) => statement.run(...parameters),
    iterate: (...parameters) => statement.iterate(...parameters),
  };
}

/** Rows of one class: the engine of JavaScript then knows where each of their values is. */
function named(statement: Statement, columns: readonly string[]): Statement['all'];
function named(statement: Statement, columns: readonly string[]): (...parameters: Bindable[]) => unknown[] {
  class Row {
    [column: string]: Bindable | undefined;
    constructor(values: Values) {
      for (const [i, column] of columns.entries()) this[column] = values[i];
    }
  }
  return (...parameters) => statement.all<Values>(...parameters).map((values) => new Row(values));
}
