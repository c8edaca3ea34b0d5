/** Tries at a code by whoever knows the user name only, counted apart from those of who has the sign-in's session token. */
import type { Kysely, Migration } from 'kysely';
import type { Tables } from '../tables.ts';

export const triesByName: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema
      .alterTable('otp_challenges')
      .addColumn('tries_by_name', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
  },
};
