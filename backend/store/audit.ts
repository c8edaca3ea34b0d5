/** The audit chain: each entry carries a hash over itself and the one before, so a change or a gap shows. */
import { createHash } from 'node:crypto';
import { wordsOf } from './audit-words.ts';
import { PLATFORM, type Actor, type AuditNote, type PlatformNote, type Writes } from './store.ts';
import type { Tables } from './tables.ts';

/** The service itself: no person did it. */
export const serviceActor: Actor = { userId: null, username: null, address: null, userAgent: null, source: null };
/** Before the first entry. */
export const GENESIS = '0'.repeat(64);

type Entry = Tables['audit_entries'];

/** Over every field but the hash itself, in this order. Lengths cannot be confused: it is JSON. */
export function entryHash(entry: Omit<Entry, 'hash'>): string {
  const fields = [
    entry.prev_hash,
    entry.organization_id,
    entry.seq,
    entry.id,
    entry.created_at,
    entry.action,
    entry.resource,
    entry.user_id,
    entry.username,
    entry.ip_address,
    entry.user_agent,
    entry.source,
    entry.status,
    entry.detail,
  ];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

/** Told where it happened, and to the platform: the chain of an organization outlives it. */
export function inBothChains(
  note: AuditNote,
  organizationId: string,
  actor: Actor,
): { audit: PlatformNote; alsoAudit: PlatformNote[] } {
  const audit = { ...note, organizationId, actor };
  return { audit, alsoAudit: organizationId === PLATFORM.id ? [] : [{ ...audit, organizationId: PLATFORM.id }] };
}

/** Appends to the chain of the note's organization. Its head row is locked until the transaction ends. */
export async function appendAudit(
  tx: Writes<Tables>,
  note: PlatformNote,
  { id, at }: { id: string; at: string },
): Promise<void> {
  const head = await nextHead(tx, note.organizationId);
  const unsealed = { ...content(note), id, created_at: at, seq: head.seq, prev_hash: head.hash };
  const entry = { ...unsealed, hash: entryHash(unsealed) };
  await tx.insertInto('audit_entries').values(entry).execute();
  const place = { organization_id: note.organizationId, created_at: at, seq: head.seq };
  const words = wordsOf(entry).map((word) => ({ ...place, word }));
  await tx.insertInto('audit_words').values(words).execute();
  await tx
    .updateTable('audit_heads')
    .set({ hash: entry.hash })
    .where('organization_id', '=', note.organizationId)
    .execute();
}

function content({ organizationId, actor, action, resource, status, detail }: PlatformNote) {
  return {
    organization_id: organizationId,
    action,
    resource: resource ?? null,
    user_id: actor.userId,
    username: actor.username,
    ip_address: actor.address,
    user_agent: actor.userAgent,
    source: actor.source,
    status: status ?? 'success',
    detail: JSON.stringify(detail ?? {}),
  };
}

async function nextHead(tx: Writes<Tables>, organizationId: string): Promise<{ seq: number; hash: string }> {
  return tx
    .insertInto('audit_heads')
    .values({ organization_id: organizationId, seq: 1, hash: GENESIS })
    .onConflict((oc) => oc.column('organization_id').doUpdateSet((eb) => ({ seq: eb('audit_heads.seq', '+', 1) })))
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow();
}
