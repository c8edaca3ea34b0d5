/** Commands that were sent to machines, and the log of what ran on them. */
import type { Kysely, Migration } from 'kysely';
import type { Tables } from '../tables.ts';

export const commands: Migration = {
  async up(db: Kysely<Tables>) {
    await createCommands(db);
    await createCommandLogs(db);
  },
};

async function createCommands(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('commands')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('machine_id', 'text', (c) => c.references('machines.id').onDelete('set null'))
    .addColumn('agent_id', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('username', 'text', (c) => c.notNull())
    .addColumn('log_id', 'text', (c) => c.notNull())
    .addColumn('command', 'text', (c) => c.notNull())
    .addColumn('timeout_s', 'integer', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('code', 'text')
    .addColumn('exit_code', 'bigint')
    .addColumn('output', 'text')
    .addColumn('truncated', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('started_at', 'text')
    .addColumn('ended_at', 'text')
    .execute();
  const index = async (name: string, columns: string[]): Promise<void> =>
    db.schema.createIndex(name).on('commands').columns(columns).execute();
  await index('commands_by_agent', ['organization_id', 'agent_id', 'state']);
  await index('commands_by_state', ['state', 'created_at']);
  await index('commands_by_machine', ['machine_id']);
  await index('commands_by_log', ['log_id']);
}

async function createCommandLogs(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('command_logs')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('machine_id', 'text', (c) => c.references('machines.id').onDelete('set null'))
    .addColumn('agent_id', 'text', (c) => c.notNull())
    .addColumn('machine_name', 'text', (c) => c.notNull())
    .addColumn('session_id', 'text', (c) => c.references('sessions.id').onDelete('set null'))
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('username', 'text', (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('command', 'text', (c) => c.notNull())
    .addColumn('command_key', 'text', (c) => c.notNull())
    .addColumn('cut', 'integer', (c) => c.notNull())
    .addColumn('captured', 'text', (c) => c.notNull())
    .addColumn('exit_code', 'bigint')
    .addColumn('cwd', 'text')
    .addColumn('started_at', 'text', (c) => c.notNull())
    .addColumn('duration_ms', 'bigint')
    .addColumn('boot_id', 'text')
    .addColumn('seq', 'bigint')
    .addUniqueConstraint('command_logs_once', ['organization_id', 'agent_id', 'boot_id', 'seq'])
    .execute();
  const index = async (name: string, columns: string[]): Promise<void> =>
    db.schema.createIndex(name).on('command_logs').columns(columns).execute();
  await index('command_logs_by_age', ['started_at']);
  await index('command_logs_by_time', ['organization_id', 'started_at', 'id']);
  await index('command_logs_by_machine', ['organization_id', 'agent_id', 'started_at', 'id']);
  await index('command_logs_by_session', ['session_id', 'started_at', 'id']);
  await index('command_logs_of_machine', ['machine_id']);
}
