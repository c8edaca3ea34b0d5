/** PostgreSQL: a pool that writes, one that can only read, and locks that put writes in order. */
import { createHash } from 'node:crypto';
import { CompiledQuery, Kysely, sql, type Transaction } from 'kysely';
import { Pool } from 'pg';
import Cursor from 'pg-cursor';
import type { Engine, Scope } from '../engine.ts';
import { migrate } from '../migrations/migrations.ts';
import type { Tables } from '../tables.ts';
import { postgresDialect } from './dialect.ts';
import { createTurns } from './turns.ts';
import { values } from './values.ts';

/** Connections of one server to the database: PostgreSQL takes 100 of all its clients unless told otherwise. */
const CONNECTIONS = { reading: 10, writing: 10 } as const;
const CONNECT_MS = 5_000;
/** How long a statement waits for what another holds, as long as on SQLite. */
const LOCK_MS = 5_000;
/** No query of a request takes long; the lists that could be long are read in parts. */
const STATEMENT_MS = 30_000;
/** A write waits for nothing but its own queries: one that does nothing for this long lost its server, and holds locks. */
const IDLE_IN_TRANSACTION_MS = 15_000;
/** Changing the tables may take as long as it takes, once it has the lock. */
const MIGRATION_LOCK_MS = 60_000;

/** The first number of each advisory lock; the second says of what. */
const LOCKS = { platform: 0x7765_6201, organization: 0x7765_6202, inUse: 0x7765_6203 } as const;

export async function openPostgres(databaseUrl: string): Promise<Engine> {
  await migrateAlone(databaseUrl);
  const writer = connect(databaseUrl, { max: CONNECTIONS.writing, keep: true, settings: ['writing', 'in use'] });
  const reader = connect(databaseUrl, { max: CONNECTIONS.reading, settings: ['read only'] });
  const turns = createTurns<Scope>();
  return {
    reader,
    // What waits for its turn in this process holds no connection meanwhile.
    write: (scope, work) =>
      turns.inTurn(scope, () =>
        writer.transaction().execute(async (tx) => {
          await lock(tx, scope);
          return work(tx);
        }),
      ),
    async [Symbol.asyncDispose]() {
      await reader.destroy();
      await writer.destroy();
    },
  };
}

/** By a connection of its own: an index over a million entries takes longer than a request may. */
async function migrateAlone(databaseUrl: string): Promise<void> {
  const db = connect(databaseUrl, {
    max: 1,
    lockMs: MIGRATION_LOCK_MS,
    statementMs: 0,
    settings: ['writing', 'in use'],
  });
  try {
    await migrate(db);
  } finally {
    await db.destroy();
  }
}

/** One connection without bounds on time, to read everything, or to replace it. */
export function connectAlone(databaseUrl: string, purpose: 'reading' | 'replacing'): Kysely<Tables> {
  const settings = [purpose === 'reading' ? 'read only' : 'writing'] as const;
  return connect(databaseUrl, { max: 1, statementMs: 0, idleMs: 0, settings });
}

/** Until the connection ends nobody else opens the store. False: somebody has it open. */
export async function keepOthersOut(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ got: number }>`select pg_try_advisory_lock(${sql.lit(LOCKS.inUse)}, 0) as got`.execute(
    db,
  );
  return rows[0]?.got === 1;
}

type Setting = 'read only' | 'writing' | 'in use';
interface Connecting {
  readonly max: number;
  /** Keeps its connections while they are idle. */
  readonly keep?: boolean;
  readonly lockMs?: number;
  readonly statementMs?: number;
  readonly idleMs?: number;
  readonly settings: readonly Setting[];
}

function connect(databaseUrl: string, { max, keep = false, settings, ...times }: Connecting): Kysely<Tables> {
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: 'webxterm-backend',
    max,
    types: values,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: keep ? 0 : 30_000,
    lock_timeout: times.lockMs ?? LOCK_MS,
    statement_timeout: times.statementMs ?? STATEMENT_MS,
    idle_in_transaction_session_timeout: times.idleMs ?? IDLE_IN_TRANSACTION_MS,
  });
  // A connection that dies is dropped by the pool; whoever uses it is told by its query.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return new Kysely<Tables>({
    dialect: postgresDialect({
      pool,
      cursor: Cursor,
      async onCreateConnection(connection) {
        for (const setting of settings) await connection.executeQuery(CompiledQuery.raw(settingUp[setting]));
      },
    }),
  });
}

const settingUp: Readonly<Record<Setting, string>> = {
  'read only': 'set session characteristics as transaction isolation level read committed, read only',
  writing: 'set session characteristics as transaction isolation level read committed',
  // Held until the connection ends: whoever replaces everything in the store waits for all who have it open, and they for it.
  'in use': `select pg_advisory_lock_shared(${LOCKS.inUse}, 0)`,
};

/**
 * SQLite lets one write after another have the whole file. Here those of one organization come one after another, and one that may
 * touch everything comes alone. Each query of the transaction sees what was committed before it, so all that waited for the lock is seen.
 */
async function lock(tx: Transaction<Tables>, scope: Scope): Promise<void> {
  const order =
    scope === null
      ? sql`select pg_advisory_xact_lock(${sql.lit(LOCKS.platform)}, 0)`
      : sql`select pg_advisory_xact_lock_shared(${sql.lit(LOCKS.platform)}, 0),
          pg_advisory_xact_lock(${sql.lit(LOCKS.organization)}, ${sql.lit(lockNumber(scope))})`;
  await order.execute(tx);
}

/** Two organizations with the same number only wait for one another. */
function lockNumber(organizationId: string): number {
  return createHash('sha256').update(organizationId).digest().readInt32BE();
}
