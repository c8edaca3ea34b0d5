import { DatabaseSync } from '@photostructure/sqlite';
import { builtinModules } from 'node:module';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { newObjectId, someTime, temporaryStore } from '../../test/service/store.ts';
import { serviceActor } from './audit.ts';
import { openFault, storeFault } from './fault.ts';
import { openStore } from './open.ts';
import type { SqliteLibrary } from './sqlite/database.ts';
import { PLATFORM, type Store } from './store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'webxterm-open-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (path: string, library: SqliteLibrary = { DatabaseSync }): Promise<Store> =>
  openStore({ place: { library, path }, now: () => someTime, newObjectId });
const slugs = async (store: Store): Promise<string[]> => {
  const rows = await store.platform.read.selectFrom('organizations').select('slug').orderBy('slug').execute();
  return rows.map(({ slug }) => slug);
};

describe('opening the store', () => {
  it('makes a database that only its owner can read, with the platform in it', async () => {
    const path = join(folder, 'store.db');
    await using store = await open(path);
    expect(await slugs(store)).toEqual([PLATFORM.slug]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600);
  });

  it('migrates once: opening it again, also while it is open, keeps what is there', async () => {
    const path = join(folder, 'store.db');
    await using first = await open(path);
    const organization = { id: newObjectId(), slug: 'acme', display_name: 'Acme', created_at: 'x', disabled_at: null };
    await first.platform.upkeep((tx) => tx.insertInto('organizations').values(organization).execute());
    await using second = await open(path);
    expect(await slugs(second)).toEqual(['acme', PLATFORM.slug]);
  });

  it('leaves everything in the one file when it is closed, so that it can be copied', async () => {
    const path = join(folder, 'store.db');
    const organization = { id: newObjectId(), slug: 'acme', display_name: 'Acme', created_at: 'x', disabled_at: null };
    const first = await open(path);
    await first.platform.upkeep((tx) => tx.insertInto('organizations').values(organization).execute());
    await first[Symbol.asyncDispose]();
    copyFileSync(path, join(folder, 'copy.db'));
    await using copy = await open(join(folder, 'copy.db'));
    expect(await slugs(copy)).toEqual(['acme', PLATFORM.slug]);
  });

  it('says that a file is damaged, and leaves it as it was', async () => {
    const path = join(folder, 'store.db');
    const rubbish = 'certainly not a database '.repeat(200);
    writeFileSync(path, rubbish);
    const error: unknown = await open(path).catch((e: unknown) => e);
    expect(storeFault(error)).toBe('damaged');
    expect(readFileSync(path, 'utf8')).toBe(rubbish);
  });

  it('says that it cannot write where it may not', async () => {
    const error: unknown = await open(join(folder, 'no', 'such', 'folder', 'store.db')).catch((e: unknown) => e);
    expect(openFault(error)).toBe('cannot-write');
  });
});

const fill = (store: Store) =>
  store.platform.write(async (tx) => {
    const text = crypto.randomUUID() + 'x'.repeat(100_000);
    await tx.insertInto('login_throttles').values({ key: text, tries: 1, last_try_at: 'x' }).execute();
    return { value: 1, audit: { action: 'x', actor: serviceActor, organizationId: PLATFORM.id } };
  });

describe('a full disk', () => {
  /** The engine's own limit on pages stands for the disk's. */
  const full: SqliteLibrary = {
    DatabaseSync: class extends DatabaseSync {
      override exec(text: string): void {
        super.exec(text);
        if (text.includes('synchronous')) super.exec('pragma max_page_count = 200');
      }
    },
  };
  it('fails the write, leaves nothing of it, and the store lives on', async () => {
    await using store = await open(join(folder, 'store.db'), full);
    let fault: unknown = null;
    for (let i = 0; i < 10 && fault === null; i++) {
      fault = await fill(store).then(
        () => null,
        (error: unknown) => storeFault(error),
      );
    }
    expect(fault).toBe('cannot-write');
    const throttles = await store.platform.read.selectFrom('login_throttles').select('tries').execute();
    const entries = await store.platform.read.selectFrom('audit_entries').select('seq').execute();
    expect(entries).toHaveLength(throttles.length);
    await store.platform.upkeep((tx) => tx.deleteFrom('login_throttles').execute());
    await expect(store.ping()).resolves.toBeUndefined();
  });
});

describe('the engine', () => {
  const hasOwn = builtinModules.includes('node:sqlite');

  it.runIf(hasOwn)('may be the one built into Node', async () => {
    const name = 'node:sqlite';
    const library = z.object({ DatabaseSync: z.custom<SqliteLibrary['DatabaseSync']>() });
    await using made = await temporaryStore(library.parse(await import(name)));
    const { id } = await made.addOrganization('acme');
    const rows = await made.store.organization(id).read.selectFrom('machines').select('name').execute();
    expect(rows).toEqual([{ name: 'acme-machine' }]);
  });
});
