/** Walking an organization's chain, a few entries at a time: is it whole, or where is it broken? */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BEGINNING, breakAt, type Break, type CheckpointKey, type Entry, type Link } from '../../store/chain.ts';
import type { Reads } from '../../store/store.ts';
import type { TenantTables } from '../../store/tables.ts';

type Read = Reads<TenantTables>;
export interface Range {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}
export interface Verdict {
  readonly checked: number;
  /** The last that was checked. */
  readonly head: Link;
  readonly broken: Break | null;
}

/** Hashing these takes a few milliseconds; then others get their turn. */
const BATCH = 500;

/** What comes in while it walks is not waited for. */
export async function verifyChain(read: Read, key: CheckpointKey, range: Range): Promise<Verdict> {
  const newest = await newestOf(read);
  const head = await headOf(read);
  // The head was read later: it is there, and no entry is behind it.
  if (newest > head.seq) return { checked: 0, head, broken: { seq: head.seq + 1, reason: 'missing' } };
  const bounds = await boundsOf(read, range, head);
  if (!bounds) return { checked: 0, head, broken: null };
  let { before, after } = bounds;
  let checked = 0;
  for (;;) {
    const batch = await entriesAfter(read, after, bounds.last, BATCH);
    for (const entry of batch) {
      before = await joint(read, key, before, entry);
      const broken = breakAt(before, entry);
      if (broken) return { checked, head: before, broken };
      before = entry;
      after = entry.seq;
      checked++;
    }
    if (batch.length < BATCH) break;
    await nextTurn();
  }
  return { checked, head: linkOf(before), broken: await breakBehind(read, before, head) };
}

/** What an entry has to fit to: the one before, or, where the beginning was cut off, what was signed then. */
async function joint(read: Read, key: CheckpointKey, before: Link, entry: Entry): Promise<Link> {
  if (entry.seq === before.seq + 1) return before;
  const cut = await read.selectFrom('audit_checkpoints').selectAll().executeTakeFirst();
  return cut && cut.seq === entry.seq - 1 && key.isOwn(cut) ? linkOf(cut) : before;
}

/** Entries at the end are missed too: the head tells how far the chain went, and the next entry what was before it. */
async function breakBehind(read: Read, last: Link, head: Link): Promise<Break | null> {
  if (last.seq === head.seq) return last.hash === head.hash ? null : { seq: last.seq, reason: 'changed' };
  const [next] = await entriesAfter(read, last.seq, head.seq, 1);
  return next ? breakAt(last, next) : { seq: last.seq + 1, reason: 'missing' };
}

async function headOf(read: Read): Promise<Link> {
  return (await read.selectFrom('audit_heads').select(['seq', 'hash']).executeTakeFirst()) ?? BEGINNING;
}

async function newestOf(read: Read): Promise<number> {
  const found = await read.selectFrom('audit_entries').select('seq').orderBy('seq', 'desc').limit(1).execute();
  return found[0]?.seq ?? 0;
}

interface Bounds {
  readonly before: Link;
  /** It is walked from behind this number up to that one. */
  readonly after: number;
  readonly last: number;
}

/** Null: nothing happened in that time. */
async function boundsOf(read: Read, { from, to }: Range, head: Link): Promise<Bounds | null> {
  const first = from === undefined ? 1 : await nearest(read, '>=', from);
  const last = to === undefined ? head.seq : await nearest(read, '<=', to);
  if (first === undefined || last === undefined || first > last) return null;
  const after = first - 1;
  const before = await read
    .selectFrom('audit_entries')
    .select(['seq', 'hash'])
    .where('seq', '=', after)
    .executeTakeFirst();
  return { before: before ?? BEGINNING, after, last };
}

async function nearest(read: Read, side: '>=' | '<=', time: string): Promise<number | undefined> {
  const direction = side === '>=' ? 'asc' : 'desc';
  const found = await read
    .selectFrom('audit_entries')
    .select('seq')
    .where('created_at', side, time)
    .orderBy('created_at', direction)
    .orderBy('seq', direction)
    .executeTakeFirst();
  return found?.seq;
}

async function entriesAfter(read: Read, seq: number, last: number, limit: number): Promise<readonly Entry[]> {
  return read
    .selectFrom('audit_entries')
    .selectAll()
    .where('seq', '>', seq)
    .where('seq', '<=', last)
    .orderBy('seq')
    .limit(limit)
    .execute();
}

function linkOf({ seq, hash }: Link): Link {
  return { seq, hash };
}
