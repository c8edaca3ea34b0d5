/** Old entries of the audit: their beginning is cut off, and what was cut is signed, so that the rest can still be verified. */
import { serviceActor } from '../store/audit.ts';
import { wordsOf } from '../store/audit-words.ts';
import { batchesOf } from '../store/batches.ts';
import { BEGINNING, breakAt, type Break, type CheckpointKey, type Entry, type Link } from '../store/chain.ts';
import type { Refused, Store, Writes } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

interface Parts {
  readonly store: Pick<Store, 'platform'>;
  readonly checkpoints: CheckpointKey;
  readonly now: () => number;
  readonly keptDays: number;
  /** Nothing is cut where the chain is broken: that is to be looked at. */
  readonly broken: (organizationId: string, at: Break) => void;
}

/** Of one transaction: others write in between. */
const BATCH = 500;
/** What one statement may bind. */
const WORDS_AT_ONCE = 1000;
const DAY_MS = 24 * 3_600_000;
export const TRIMMED = 'audit_trimmed';

export async function trimAudit(parts: Parts, signal: AbortSignal): Promise<void> {
  const before = new Date(parts.now() - parts.keptDays * DAY_MS).toISOString();
  const chains = await parts.store.platform.read.selectFrom('audit_heads').select('organization_id').execute();
  for (const { organization_id: organizationId } of chains) {
    while (!signal.aborted && (await cut(parts, organizationId, before))) continue;
  }
}

/** The entries to cut: old ones from the beginning on. None where only earlier cuts would go, for each cut makes an entry of its own. */
export function oldest(entries: readonly Entry[], before: string): readonly Entry[] {
  const young = entries.findIndex((entry) => entry.created_at >= before);
  const old = young < 0 ? entries : entries.slice(0, young);
  return old.every((entry) => entry.action === TRIMMED) ? [] : old;
}

/** True when there may be more. Two nodes cut after each other, and the second looks anew. */
async function cut(parts: Parts, organizationId: string, before: string): Promise<boolean> {
  const { checkpoints, now } = parts;
  const written = await parts.store.platform.write(async (tx) => {
    const entries = await tx
      .selectFrom('audit_entries')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .orderBy('seq')
      .limit(BATCH)
      .execute();
    const old = oldest(entries, before);
    const [first, last] = [old[0], old.at(-1)];
    if (!first || !last) return NOTHING;
    const broken = firstBreak(await beginning(tx, parts, organizationId), old);
    if (broken) parts.broken(organizationId, broken);
    if (broken || !(await remove(tx, old, last))) return NOTHING;
    const checkpoint = {
      organization_id: organizationId,
      seq: last.seq,
      hash: last.hash,
      cut_at: new Date(now()).toISOString(),
    };
    const signed = { ...checkpoint, signature: checkpoints.sign(checkpoint) };
    await tx
      .insertInto('audit_checkpoints')
      .values(signed)
      .onConflict((on) => on.column('organization_id').doUpdateSet(signed))
      .execute();
    const detail = { from_seq: first.seq, to_seq: last.seq, to_hash: last.hash, before };
    const audit = { action: TRIMMED, actor: serviceActor, organizationId, detail };
    return { value: old.length === BATCH, audit };
  });
  return 'value' in written && written.value;
}

const NOTHING: Refused = { refuse: { code: 'not-found' } };

async function beginning(tx: Writes<Tables>, { checkpoints }: Parts, organizationId: string): Promise<Link> {
  const earlier = await tx
    .selectFrom('audit_checkpoints')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  return earlier && checkpoints.isOwn(earlier) ? earlier : BEGINNING;
}

function firstBreak(before: Link, entries: readonly Entry[]): Break | null {
  let last = before;
  for (const entry of entries) {
    const broken = breakAt(last, entry);
    if (broken) return broken;
    last = entry;
  }
  return null;
}

/** False where another node was first. */
async function remove(tx: Writes<Tables>, entries: readonly Entry[], last: Entry): Promise<boolean> {
  const { organization_id: organizationId, seq } = last;
  const words = [...new Set(entries.flatMap(wordsOf))];
  for (const batch of batchesOf(words, WORDS_AT_ONCE)) {
    await tx
      .deleteFrom('audit_words')
      .where('organization_id', '=', organizationId)
      .where('word', 'in', batch)
      .where('seq', '<=', seq)
      .execute();
  }
  const removed = await tx
    .deleteFrom('audit_entries')
    .where('organization_id', '=', organizationId)
    .where('seq', '<=', seq)
    .executeTakeFirst();
  return removed.numDeletedRows === BigInt(entries.length);
}
