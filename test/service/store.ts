/** A real store of its own for a test, gone when the test is over: a file, or a database where the tests run on PostgreSQL. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { ObjectId } from 'bson';
import { openStore, type StorePlace } from '../../backend/store/open.ts';
import type { SqliteLibrary } from '../../backend/store/sqlite/database.ts';
import type { Store } from '../../backend/store/store.ts';
import type { Tables } from '../../backend/store/tables.ts';
import { makeDatabase, onPostgres } from './postgres/database.ts';

export interface TemporaryStore extends AsyncDisposable {
  readonly store: Store;
  /** Of its file; empty where it is a database. */
  readonly path: string;
  /** Of its database; empty where it is a file. */
  readonly databaseUrl: string;
  /** As another node has it: a connection of its own, where the engine lets two of them in one process write. */
  again(): Promise<Store>;
  /** Organizations with a user each, and a machine of that user: `acme` and `other`, say. */
  addOrganization(slug: string): Promise<Settled>;
  addUser(organizationId: string, username: string, change?: Partial<Tables['users']>): Promise<string>;
  addMachine(organizationId: string, ownerId: string, name: string): Promise<{ id: string; agentId: string }>;
}
interface Settled {
  readonly id: string;
  readonly adminId: string;
  readonly machine: { readonly id: string; readonly agentId: string };
}

export const someTime = Date.UTC(2026, 0, 15, 12);
export const newObjectId = (): string => new ObjectId().toHexString();
const at = new Date(someTime).toISOString();
const note = {
  action: 'made_for_a_test',
  actor: { userId: null, username: null, address: null, userAgent: null, source: null },
};

export async function temporaryStore(library: SqliteLibrary = { DatabaseSync }): Promise<TemporaryStore> {
  const { place, ...temporary } = onPostgres() ? await databasePlace() : filePlace(library);
  const store = await openStore({ place, now: () => someTime, newObjectId });
  const made = {
    store,
    path: 'path' in place ? place.path : '',
    databaseUrl: 'databaseUrl' in place ? place.databaseUrl : '',
    again: async () =>
      'path' in place
        ? { ...store, [Symbol.asyncDispose]: () => Promise.resolve() }
        : openStore({ place, now: () => someTime, newObjectId }),
    async addOrganization(slug: string) {
      const id = newObjectId();
      const organization = { id, slug, display_name: slug, created_at: at, disabled_at: null };
      await store.platform.upkeep((tx) => tx.insertInto('organizations').values(organization).execute());
      const adminId = await made.addUser(id, `${slug}-admin`, { role: 'company_admin' });
      return { id, adminId, machine: await made.addMachine(id, adminId, `${slug}-machine`) };
    },
    async addUser(organizationId: string, username: string, change: Partial<Tables['users']> = {}) {
      const id = newObjectId();
      await store.organization(organizationId).upkeep((tx) =>
        tx
          .insertInto('users')
          .values({ ...aUser(id, username), ...change })
          .execute(),
      );
      return id;
    },
    async addMachine(organizationId: string, ownerId: string, name: string) {
      const id = newObjectId();
      const agentId = crypto.randomUUID();
      await store.organization(organizationId).write(note.actor, async (tx) => {
        await tx.insertInto('machines').values(aMachine({ id, agentId, ownerId, name })).execute();
        return { value: id, audit: note };
      });
      return { id, agentId };
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await temporary.remove();
    },
  };
  return made;
}

interface TemporaryPlace {
  readonly place: StorePlace;
  readonly remove: () => PromiseLike<void> | void;
}
function filePlace(library: SqliteLibrary): TemporaryPlace {
  const folder = mkdtempSync(join(tmpdir(), 'webxterm-store-'));
  return { place: { library, path: join(folder, 'store.db') }, remove: () => rmSync(folder, { recursive: true }) };
}
async function databasePlace(): Promise<TemporaryPlace> {
  const database = await makeDatabase();
  return { place: { databaseUrl: database.url }, remove: () => database[Symbol.asyncDispose]() };
}

function aUser(id: string, username: string) {
  return {
    id,
    username,
    username_key: username.toLowerCase(),
    email: `${username}@example.test`,
    first_name: 'A',
    last_name: 'Person',
    password_hash: 'none',
    role: 'user',
    machine_role: 'non-sudo',
    enabled_at: at,
    created_at: at,
  } as const;
}

function aMachine({ id, agentId, ownerId, name }: { id: string; agentId: string; ownerId: string; name: string }) {
  return {
    id,
    agent_id: agentId,
    owner_id: ownerId,
    name,
    description: '',
    tags: '[]',
    metadata: '{}',
    created_at: at,
  } as const;
}
