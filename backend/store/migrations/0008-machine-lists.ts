/** What lists of thousands of machines need: who is online as a column, and the orders in which they are shown as indexes. */
import type { Kysely, Migration } from 'kysely';
import type { Tables } from '../tables.ts';

export const machineLists: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema.alterTable('machines').addColumn('online_until', 'text').execute();
    await db.schema.createIndex('machines_by_name').on('machines').columns(['organization_id', 'name', 'id']).execute();
    await db.schema
      .createIndex('machines_by_activity')
      .on('machines')
      .columns(['organization_id', 'last_active_at'])
      .execute();
  },
};
