/** Kysely's driver for `pg`, with every failure of the connection told by one code. */
import {
  PostgresDriver,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type PostgresDialectConfig,
} from 'kysely';
import { DatabaseError } from 'pg';
import { z } from 'zod';
import { bindable } from '../bindable.ts';

/** Not reached, or cut off. What `pg` itself throws then has many forms, and some have no code. */
export class ConnectionLost extends Error {
  readonly code: 'ERR_STORE_CONNECTION' | 'ERR_STORE_UNTRUSTED';

  constructor(cause: unknown) {
    super('the connection to the database was lost', { cause });
    this.code = untrusted.safeParse(cause).success ? 'ERR_STORE_UNTRUSTED' : 'ERR_STORE_CONNECTION';
  }
}

/** What Node says of a certificate that it cannot verify. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const untrusted = z.object({
  code: z
    .string()
    .regex(
      /^(?:CERT_\w+|CRL_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|ERROR_IN_C\w+|ERR_TLS_CERT_\w+|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_EXCEEDED|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/,
    ),
});

export function createDriver(config: PostgresDialectConfig): Driver {
  const driver: Driver = new PostgresDriver(config);
  const originals = new WeakMap<DatabaseConnection, DatabaseConnection>();
  return {
    init: () => driver.init(),
    async acquireConnection() {
      const original = await told(driver.acquireConnection());
      const connection: DatabaseConnection = {
        async executeQuery(query) {
          check(query);
          return told(original.executeQuery(query));
        },
        async *streamQuery(query, chunkSize) {
          check(query);
          try {
            yield* original.streamQuery(query, chunkSize);
          } catch (error) {
            throw named(error);
          }
        },
      };
      originals.set(connection, original);
      return connection;
    },
    beginTransaction: (connection, settings) => driver.beginTransaction(connection, settings),
    commitTransaction: (connection) => driver.commitTransaction(connection),
    rollbackTransaction: (connection) => driver.rollbackTransaction(connection),
    async releaseConnection(connection) {
      const original = originals.get(connection);
      if (original) await driver.releaseConnection(original);
    },
    destroy: () => driver.destroy(),
  };
}

/** Kysely's own look at the tables binds booleans; whoever else does is refused on SQLite. */
function check({ parameters }: CompiledQuery): void {
  for (const parameter of parameters) if (typeof parameter !== 'boolean') bindable(parameter);
}

async function told<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw named(error);
  }
}

function named(error: unknown): unknown {
  return error instanceof DatabaseError ? error : new ConnectionLost(error);
}
