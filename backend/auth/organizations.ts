/** The organizations of the platform, for its super admins. */
import type { SelectQueryBuilder } from 'kysely';
import type { organizations } from '../../protocol/api/organizations.ts';
import type { Bus } from '../bus/bus.ts';
import type { GroupHandlers } from '../gateway/handlers.ts';
import { inBothChains } from '../store/audit.ts';
import { contains } from '../store/contains.ts';
import { eraseOrganization } from '../store/erase.ts';
import { listed, totalOf } from '../store/listed.ts';
import { hasStatus } from '../store/machine-status.ts';
import { PLATFORM, type Reads, type Store } from '../store/store.ts';
import type { Tables, TenantTables } from '../store/tables.ts';
import { groupColumns, groupShape } from './group-shape.ts';
import { makeOrganization, slugOf } from './new-account.ts';
import { organizationColumns, organizationShape, readOrganization } from './organization-shape.ts';
import { NOT_A_SLUG } from './signup.ts';
import { searchUsers } from './user-search.ts';

export interface OrganizationParts {
  readonly store: Pick<Store, 'platform' | 'organization'>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly now: () => number;
  readonly newObjectId: () => string;
}

const NOT_FOUND = { refuse: { code: 'not-found' } } as const;
const TAKEN = { refuse: { code: 'organization-taken' } } as const;
const PLATFORM_STAYS = { refuse: { code: 'platform-stays' } } as const;

export function createOrganizationHandlers(parts: OrganizationParts): GroupHandlers<typeof organizations> {
  const { store, bus } = parts;
  const { platform } = store;
  const at = (): string => new Date(parts.now()).toISOString();
  return {
    async list({ query }) {
      const { q = '' } = query;
      const found = platform.read
        .selectFrom('organizations')
        .where((eb) => contains([eb.ref('slug'), eb.ref('display_name')], q));
      const page = await listed(found, (all) => all.select(organizationColumns).orderBy('slug'), query);
      return { status: 200, body: { organizations: page.rows.map(organizationShape), ...totalOf(page) } };
    },

    async get({ params }) {
      const organization = await readOrganization(platform.read, params.id);
      return organization ? { status: 200, body: { organization } } : NOT_FOUND;
    },

    async create({ body }, caller) {
      const slug = slugOf(body.name);
      if (slug === null) return { refuse: { code: 'invalid-fields', fields: [{ ...NOT_A_SLUG, path: 'name' }] } };
      const written = await platform.write(async (tx) => {
        const made = await makeOrganization(tx, { slug, displayName: body.display_name }, parts);
        if (!made.ok) return TAKEN;
        const note = { action: 'organization_created', resource: made.id, detail: { name: slug } };
        return { value: made.id, ...inBothChains(note, made.id, caller.actor) };
      });
      if ('refuse' in written) return written;
      const organization = await readOrganization(platform.read, written.value);
      return organization ? { status: 201, body: { organization } } : TAKEN;
    },

    async update({ params, body }, caller) {
      const { id } = params;
      if (id === PLATFORM.id && body.enabled === false) return PLATFORM_STAYS;
      const written = await platform.write(async (tx) => {
        const before = await tx.selectFrom('organizations').selectAll().where('id', '=', id).executeTakeFirst();
        if (!before) return NOT_FOUND;
        const { display_name = before.display_name, enabled = before.disabled_at === null } = body;
        const disabled_at = enabled ? null : (before.disabled_at ?? at());
        await tx.updateTable('organizations').set({ display_name, disabled_at }).where('id', '=', id).execute();
        const isOpenedAgain = enabled && before.disabled_at !== null;
        // Nobody could sign in meanwhile: the days do not count, and the sign-ins from before are over.
        if (isOpenedAgain) {
          await tx.updateTable('users').set({ enabled_at: at() }).where('organization_id', '=', id).execute();
        }
        const note = { action: 'organization_updated', resource: id, detail: { name: before.slug, ...body } };
        const isClosed = !enabled && before.disabled_at === null;
        return { value: { isClosed }, ...inBothChains(note, id, caller.actor) };
      });
      if ('refuse' in written) return written;
      if (written.value.isClosed) bus.publish('organization.disabled', { organizationId: id });
      const organization = await readOrganization(platform.read, id);
      return organization ? { status: 200, body: { organization } } : NOT_FOUND;
    },

    async remove({ params }, caller) {
      const { id } = params;
      if (id === PLATFORM.id) return PLATFORM_STAYS;
      const written = await platform.write(async (tx) => {
        const known = await tx.selectFrom('organizations').selectAll().where('id', '=', id).executeTakeFirst();
        if (!known) return NOT_FOUND;
        await eraseOrganization(tx, id);
        const detail = { name: known.slug, display_name: known.display_name };
        return {
          value: null,
          ...inBothChains({ action: 'organization_deleted', resource: id, detail }, id, caller.actor),
        };
      });
      if ('refuse' in written) return written;
      bus.publish('organization.deleted', { organizationId: id });
      return { status: 200, body: { message: 'Organization deleted' } };
    },

    async stats({ params }) {
      if (!(await isOrganization(platform.read, params.id))) return NOT_FOUND;
      const { read } = store.organization(params.id);
      const now = new Date(parts.now());
      const online = read.selectFrom('machines').where(hasStatus('online', now));
      const today = read.selectFrom('sessions').where('started_at', '>=', `${now.toISOString().slice(0, 10)}T`);
      const stats = {
        user_count: await countOf(read.selectFrom('users')),
        machine_count: await countOf(read.selectFrom('machines')),
        online_machine_count: await countOf(online),
        group_count: await countOf(read.selectFrom('groups')),
        session_count_today: await countOf(today),
      };
      return { status: 200, body: { stats } };
    },

    async users({ params, query }) {
      if (!(await isOrganization(platform.read, params.id))) return NOT_FOUND;
      const page = await searchUsers(store.organization(params.id).read, query);
      const users = page.rows.map(({ id, username, email, role, disabled_at }) => {
        return { id, username, email, role, enabled: disabled_at === null };
      });
      return { status: 200, body: { users, ...totalOf(page) } };
    },

    async groups({ params, query }) {
      if (!(await isOrganization(platform.read, params.id))) return NOT_FOUND;
      const found = store.organization(params.id).read.selectFrom('groups');
      const page = await listed(found, (all) => all.select(groupColumns).orderBy('groups.name_key'), query);
      const groups = page.rows.map(groupShape).map(({ id, name, member_count }) => ({ id, name, member_count }));
      return { status: 200, body: { groups, ...totalOf(page) } };
    },
  };
}

async function isOrganization(read: Reads<Tables>, id: string): Promise<boolean> {
  return (await read.selectFrom('organizations').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

async function countOf<T extends keyof TenantTables>(
  rows: SelectQueryBuilder<TenantTables, T, object>,
): Promise<number> {
  const { count } = await rows.select((eb) => eb.fn.countAll().as('count')).executeTakeFirstOrThrow();
  return Number(count);
}
