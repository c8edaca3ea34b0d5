/** Recordings keep what came as it came: nothing in them is replaced any more. */
import type { Kysely, Migration } from 'kysely';
import type { Tables } from '../tables.ts';

export const rawRecordings: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema.alterTable('recordings').dropColumn('replaced').execute();
  },
};
