/** Kysely's SQLite dialect over one synchronous connection: statements kept prepared, transactions one after another. */
import {
  CompiledQuery,
  DeleteQueryNode,
  InsertQueryNode,
  SqliteIntrospector,
  SqliteQueryCompiler,
  UpdateQueryNode,
  type BinaryOperationNode,
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type QueryResult,
} from 'kysely';
import { bindable } from '../bindable.ts';
import { isLike, LIKE_ESCAPE } from '../like.ts';
import type { Database, Statement } from './database.ts';
import { prepareRows } from './rows.ts';

/** Enough for every query of the backend; the bound is against queries whose text varies. */
const KEPT_STATEMENTS = 500;

const adapter: DialectAdapter = {
  supportsCreateIfNotExists: true,
  supportsReturning: true,
  supportsTransactionalDdl: true,
  // Migrations run in a transaction that holds the write lock of the file: that is the lock.
  acquireMigrationLock: () => Promise.resolve(),
  releaseMigrationLock: () => Promise.resolve(),
};

export function sqliteDialect(database: Database): Dialect {
  return {
    createAdapter: () => adapter,
    createDriver: () => createDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new Compiler(),
  };
}

/** A class because extending this one is Kysely's way to write SQL otherwise. */
class Compiler extends SqliteQueryCompiler {
  protected override visitBinaryOperation(node: BinaryOperationNode): void {
    super.visitBinaryOperation(node);
    if (isLike(node)) this.append(LIKE_ESCAPE);
  }
}

function createDriver(database: Database): Driver {
  const connection = createConnection(database);
  const turn = createTurns();
  const run = async (sql: string): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(sql));
  };
  return {
    init: () => Promise.resolve(),
    async acquireConnection() {
      await turn.take();
      return connection;
    },
    releaseConnection: () => Promise.resolve(turn.pass()),
    // Takes the write lock at once: a transaction that reads first could otherwise lose to another process when it writes.
    beginTransaction: (_, { accessMode }) => run(accessMode === 'read only' ? 'begin' : 'begin immediate'),
    commitTransaction: () => run('commit'),
    async rollbackTransaction() {
      // A full disk makes SQLite roll back by itself.
      if (database.isTransaction !== false) await run('rollback');
    },
    destroy: () => Promise.resolve(database.close()),
  };
}

function createConnection(database: Database): DatabaseConnection {
  const kept = new Map<string, Statement>();
  const prepared = (sql: string): Statement => {
    const statement = kept.get(sql) ?? prepareRows(database, sql);
    kept.delete(sql);
    kept.set(sql, statement);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_STATEMENTS && oldest !== undefined) kept.delete(oldest);
    return statement;
  };
  return {
    executeQuery: <R>(compiled: CompiledQuery) =>
      new Promise<QueryResult<R>>((resolve) => resolve(execute<R>(prepared(compiled.sql), compiled))),
    async *streamQuery<R>(compiled: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
      const statement = database.prepare(compiled.sql);
      for (const row of statement.iterate<R>(...compiled.parameters.map(bindable))) {
        yield await Promise.resolve({ rows: [row] });
      }
    },
  };
}

function execute<R>(statement: Statement, { query, parameters }: CompiledQuery): QueryResult<R> {
  const values = parameters.map(bindable);
  const changes = InsertQueryNode.is(query) || UpdateQueryNode.is(query) || DeleteQueryNode.is(query);
  if (!changes || query.returning !== undefined) return { rows: statement.all<R>(...values) };
  return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) };
}

/** First come, first served: one connection, one transaction at a time. */
function createTurns(): { take(): Promise<void>; pass(): void } {
  const waiting: (() => void)[] = [];
  let taken = false;
  return {
    take() {
      if (taken) return new Promise((resolve) => waiting.push(resolve));
      taken = true;
      return Promise.resolve();
    },
    pass() {
      const next = waiting.shift();
      if (next) next();
      else taken = false;
    },
  };
}
