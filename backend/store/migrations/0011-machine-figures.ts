/** What the figures of the dashboard are added up from, and what machines of a status are counted by, in one index: no machine is looked at. */
import type { Kysely, Migration } from 'kysely';
import type { Tables } from '../tables.ts';

export const machineFigures: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema
      .createIndex('machines_by_status')
      .on('machines')
      .columns(['organization_id', 'public_key', 'online_until', 'cpu_percent', 'memory_percent', 'disk_percent'])
      .execute();
  },
};
