/** With which role a command runs, and since when it may not any more: its agent is told to end it, at its next hello too. */
import type { Kysely, Migration } from 'kysely';
import type { Tables } from '../tables.ts';

export const revokedCommands: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema
      .alterTable('commands')
      // Of those that run while this is done it is not known: they end with the first right that is taken.
      .addColumn('machine_role', 'text', (c) => c.notNull().defaultTo('sudo'))
      .execute();
    await db.schema.alterTable('commands').addColumn('revoked_at', 'text').execute();
  },
};
