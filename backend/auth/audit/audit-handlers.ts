/** The audit for admins: read, filtered, taken as a file, verified. */
import type { audit } from '../../../protocol/api/audit.ts';
import type { Member } from '../../gateway/caller.ts';
import type { GroupHandlers } from '../../gateway/handlers.ts';
import type { CheckpointKey } from '../../store/chain.ts';
import type { OrganizationStore, Store } from '../../store/store.ts';
import { batchesOf, edgeOf, filterOf, pageOf, type EntryRow, type ListQuery } from './entries.ts';
import { entryShape, sealedShape } from './entry-shape.ts';
import { fileOf, type Format } from './export.ts';
import { verifyChain } from './verify.ts';

interface Parts {
  readonly store: Pick<Store, 'organization' | 'platform'>;
  readonly checkpoints: CheckpointKey;
  readonly now: () => number;
}
/** The organization whose audit is read, under the name that the contract has for it. */
interface Scope {
  readonly organization: OrganizationStore;
  readonly tenantId: string;
}

const NOT_FOUND = { refuse: { code: 'not-found' } } as const;
/** A chain is walked once at a time, and only so many are: it is work. */
const MOST_WALKS = 4;

export function createAuditHandlers(parts: Parts): GroupHandlers<typeof audit> {
  const walked = new Set<string>();
  return {
    async list({ query }, caller) {
      const scope = await scopeOf(parts.store, caller, query.tenant_id);
      if (!scope) return NOT_FOUND;
      const { format, page, limit } = query;
      const { read } = scope.organization;
      const filter = await filterOf(read, query);
      if (format !== undefined) {
        const upTo = await edgeOf(read, 'desc');
        await noteExport(scope.organization, caller, query);
        const batches = batchesOf(read, filter, upTo);
        return fileAnswer(scope, batches, { format, now: parts.now() });
      }
      const { rows, total, isMore } = await pageOf(read, filter, { page, limit });
      const logs = rows.map((row) => entryShape(row, scope.tenantId));
      return { status: 200, body: { logs, total, page, limit, ...(isMore && { total_is_more: true }) } };
    },

    async tenants(_input, { account }) {
      const { tenantId, tenantName, role } = account;
      if (role !== 'super_admin') {
        return { status: 200, body: { tenants: [{ tenant_id: tenantId, tenant_name: tenantName }] } };
      }
      const tenants = await parts.store.platform.read
        .selectFrom('organizations')
        .select(['slug as tenant_id', 'display_name as tenant_name'])
        .orderBy('slug')
        .execute();
      return { status: 200, body: { tenants } };
    },

    async verify({ query }, caller) {
      const scope = await scopeOf(parts.store, caller, query.tenant_id);
      if (!scope) return NOT_FOUND;
      const { id, read } = scope.organization;
      if (walked.has(id) || walked.size >= MOST_WALKS) return { refuse: { code: 'slow-down', retryAfterS: 5 } };
      walked.add(id);
      try {
        const { checked, head, broken } = await verifyChain(read, parts.checkpoints, query);
        if (broken) return { status: 200, body: { ok: false, checked, broken_at: broken.seq, reason: broken.reason } };
        return { status: 200, body: { ok: true, checked, head } };
      } finally {
        walked.delete(id);
      }
    },
  };
}

/** Null: there is no such organization, as far as this caller is told. */
async function scopeOf(store: Parts['store'], caller: Member, tenantId: string | undefined): Promise<Scope | null> {
  const { account, organization } = caller;
  if (tenantId === undefined || tenantId === account.tenantId) return { organization, tenantId: account.tenantId };
  if (account.role !== 'super_admin') return null;
  const named = await store.platform.read
    .selectFrom('organizations')
    .select('id')
    .where('slug', '=', tenantId)
    .executeTakeFirst();
  return named ? { organization: store.organization(named.id), tenantId } : null;
}

/** In the audit that leaves the house, whoever took it. */
async function noteExport(organization: OrganizationStore, { actor }: Member, query: ListQuery): Promise<void> {
  const { page: _page, limit: _limit, tenant_id: _tenant, ...asked } = query;
  const detail = Object.fromEntries(
    Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  await organization.write(actor, () => Promise.resolve({ value: null, audit: { action: 'audit_exported', detail } }));
}

function fileAnswer(
  { tenantId }: Scope,
  batches: AsyncIterable<readonly EntryRow[]>,
  { format, now }: { readonly format: Format; readonly now: number },
) {
  const name = `audit-${tenantId}-${new Date(now).toISOString().slice(0, 10)}.${format}`;
  const seal = (row: EntryRow) => sealedShape(row, tenantId);
  return {
    format,
    file: fileOf(sealed(batches, seal), format),
    headers: { 'content-disposition': `attachment; filename="${name}"` },
  };
}

async function* sealed<T>(batches: AsyncIterable<readonly EntryRow[]>, seal: (row: EntryRow) => T) {
  for await (const batch of batches) yield batch.map(seal);
}
