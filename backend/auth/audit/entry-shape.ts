/** An entry of the audit as the contract shows it, in a list and in a file. */
import { auditDetail, type AuditEntry, type SealedEntry } from '../../../protocol/api/audit.ts';
import type { EntryRow } from './entries.ts';

/** `tenantId`: the organization's slug. */
export function entryShape(row: EntryRow, tenantId: string): AuditEntry & Pick<SealedEntry, 'detail' | 'status'> {
  return {
    id: row.id,
    user_id: row.user_id,
    username: row.username,
    tenant_id: tenantId,
    action: row.action,
    resource: row.resource,
    ip_address: row.ip_address,
    user_agent: row.user_agent,
    source: row.source,
    status: row.status,
    timestamp: row.created_at,
    detail: detailOf(row.detail),
  };
}

export function sealedShape(row: EntryRow, tenantId: string): SealedEntry {
  const { organization_id, seq, prev_hash, hash } = row;
  return { ...entryShape(row, tenantId), organization_id, seq, prev_hash, hash };
}

/** Who tampered with one entry does not thereby hide the others: what cannot be read is shown as nothing. */
function detailOf(text: string): SealedEntry['detail'] {
  try {
    return auditDetail.safeParse(JSON.parse(text)).data ?? {};
  } catch {
    return {};
  }
}
