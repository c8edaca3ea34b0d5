/** Which entries of an organization's audit are asked for: a page of them, how many there are, or all, one batch after another. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Expression, ExpressionBuilder, Selectable, SqlBool } from 'kysely';
import type { audit } from '../../../protocol/api/audit.ts';
import type { Input } from '../../../protocol/api/row.ts';
import { partsOf, tokensOf } from '../../store/audit-words.ts';
import { prepared, type ValueOf } from '../../store/prepared.ts';
import type { Reads } from '../../store/store.ts';
import type { TenantTables } from '../../store/tables.ts';

export type EntryRow = Selectable<TenantTables['audit_entries']>;
export type ListQuery = Input<(typeof audit)['list']>['query'];
type Read = Reads<TenantTables>;

export interface Filter extends Pick<ListQuery, 'user_id' | 'action' | 'resource' | 'status' | 'from' | 'to'> {
  /** All of them occur. */
  readonly words: readonly string[];
}
export interface Page {
  readonly rows: readonly EntryRow[];
  readonly total: number;
  /** There are more than were counted. */
  readonly isMore: boolean;
}

/** So many are counted, and can be paged through, of what is filtered. Whoever wants more narrows the time, or takes a file. */
const MOST_COUNTED = 10_000;
/** More words than somebody types. */
const MOST_WORDS = 8;
/** Past it, a word is not rare. */
const MOST_COMPARED = 1000;
/** Of a file: what is in memory at a time. */
const BATCH = 500;

export async function filterOf(read: Read, query: ListQuery): Promise<Filter> {
  const { q, user_id, action, resource, status, from, to } = query;
  const tokens = tokensOf(q ?? '').slice(0, MOST_WORDS);
  const words = new Set((await Promise.all(tokens.map((token) => known(read, token)))).flat());
  return { user_id, action, resource, status, from, to, words: await rarestFirst(read, [...words]) };
}

/** As it is, where it occurs so; else its parts: `example.org` finds what was said of `ada@example.org`. */
async function known(read: Read, token: string): Promise<readonly string[]> {
  const parts = partsOf(token);
  if (parts.length === 0) return [token];
  const found = await read.selectFrom('audit_words').select('word').where('word', '=', token).limit(1).execute();
  return found.length > 0 ? [token] : parts;
}

/** The first is looked up, and what it finds is asked for the others: a word that is everywhere would find everything. */
async function rarestFirst(read: Read, words: readonly string[]): Promise<readonly string[]> {
  if (words.length < 2) return words;
  const counted = await Promise.all(
    words.map(async (word) => {
      const found = read.selectFrom('audit_words').select('seq').where('word', '=', word).limit(MOST_COMPARED);
      return { word, n: (await found.execute()).length };
    }),
  );
  return counted.toSorted((a, b) => a.n - b.n).map(({ word }) => word);
}

/** Without a filter, the chain itself: it has no gaps, so a page is a range of it, and no page costs more than another. */
export async function pageOf(
  read: Read,
  filter: Filter,
  { page, limit }: Pick<ListQuery, 'page' | 'limit'>,
): Promise<Page> {
  const skipped = (page - 1) * limit;
  if (isWhole(filter)) {
    const newest = await edgeOf(read, 'desc');
    const total = newest === 0 ? 0 : newest - (await edgeOf(read, 'asc')) + 1;
    const rows = await askNewest(read, { upTo: newest - skipped, limit });
    return { rows, total, isMore: false };
  }
  const counted = await count(read, filter);
  const total = Math.min(counted, MOST_COUNTED);
  const isMore = counted > total;
  if (skipped >= total) return { rows: [], total, isMore };
  const keys = await read
    .selectFrom(keysOf(read, filter))
    .select('k.seq')
    .orderBy('k.created_at', 'desc')
    .orderBy('k.seq', 'desc')
    .offset(skipped)
    .limit(limit)
    .execute();
  return { rows: await rowsOf(read, keys), total, isMore };
}

/** Oldest first, up to entry `upTo`. Others get their turn between two batches. */
export async function* batchesOf(read: Read, filter: Filter, upTo: number): AsyncGenerator<readonly EntryRow[]> {
  let last: EntryRow | undefined;
  for (;;) {
    const rows = await (isWhole(filter) ? nextOfChain(read, upTo, last) : nextFound(read, filter, { upTo, last }));
    yield rows;
    last = rows.at(-1);
    if (rows.length < BATCH) return;
    await nextTurn();
  }
}

async function nextOfChain(read: Read, upTo: number, last: EntryRow | undefined): Promise<readonly EntryRow[]> {
  return chain(read)
    .where('seq', '>', last?.seq ?? 0)
    .where('seq', '<=', upTo)
    .orderBy('seq')
    .limit(BATCH)
    .execute();
}

async function nextFound(
  read: Read,
  filter: Filter,
  { upTo, last }: { readonly upTo: number; readonly last: EntryRow | undefined },
): Promise<readonly EntryRow[]> {
  const { created_at: at, seq } = last ?? { created_at: '', seq: 0 };
  const keys = await read
    .selectFrom(keysOf(read, filter))
    .select('k.seq')
    .where('k.seq', '<=', upTo)
    .where('k.created_at', '>=', at)
    .where((eb) => eb.or([eb('k.created_at', '>', at), eb('k.seq', '>', seq)]))
    .orderBy('k.created_at')
    .orderBy('k.seq')
    .limit(BATCH)
    .execute();
  return rowsOf(read, keys);
}

/** In the order of their keys. */
async function rowsOf(read: Read, keys: readonly { readonly seq: number }[]): Promise<readonly EntryRow[]> {
  const wanted = keys.map(({ seq }) => seq);
  const rows = wanted.length === 0 ? [] : await chain(read).where('seq', 'in', wanted).execute();
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  return wanted.flatMap((seq) => bySeq.get(seq) ?? []);
}

function chain(read: Read) {
  return read.selectFrom('audit_entries').selectAll();
}

const askNewest = prepared((read: Read, value: ValueOf<{ upTo: number; limit: number }>) =>
  chain(read).where('seq', '<=', value('upTo')).orderBy('seq', 'desc').limit(value('limit')),
);

function isWhole({ words, ...others }: Filter): boolean {
  return words.length === 0 && Object.values(others).every((value) => value === undefined);
}

/** The number of the newest entry, or of the oldest. 0: there is none. */
export async function edgeOf(read: Read, direction: 'asc' | 'desc'): Promise<number> {
  const [found] = await askEdge[direction](read, {});
  return found?.seq ?? 0;
}
const edge = (direction: 'asc' | 'desc') =>
  prepared((read: Read) => read.selectFrom('audit_entries').select('seq').orderBy('seq', direction).limit(1));
const askEdge = { asc: edge('asc'), desc: edge('desc') };

async function count(read: Read, filter: Filter): Promise<number> {
  const some = read
    .selectFrom(keysOf(read, filter))
    .select('k.seq')
    .limit(MOST_COUNTED + 1);
  const { n } = await read
    .selectFrom(some.as('counted'))
    .select(({ fn }) => fn.countAll().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}

/**
 * Where the entries that are asked for stand. Each condition on entries is the beginning of an index that ends in the order of time;
 * of a word, the entries are looked up after it: an engine that knows nothing of how often it occurs could go the other way round.
 */
function keysOf(read: Read, filter: Filter) {
  const [word, ...more] = filter.words;
  if (word === undefined) {
    return read
      .selectFrom('audit_entries as e')
      .select(['e.created_at', 'e.seq'])
      .where((eb) => eb.and([...named(eb, filter), ...within((side, time) => eb('e.created_at', side, time), filter)]))
      .as('k');
  }
  let found = read
    .selectFrom('audit_words as w')
    .select(['w.created_at', 'w.seq'])
    .where('w.word', '=', word)
    .where((eb) => eb.and(within((side, time) => eb('w.created_at', side, time), filter)));
  for (const other of more) {
    found = found.where((eb) =>
      eb.exists(
        eb
          .selectFrom('audit_words as also')
          .select('also.seq')
          .where('also.word', '=', other)
          .whereRef('also.created_at', '=', 'w.created_at')
          .whereRef('also.seq', '=', 'w.seq'),
      ),
    );
  }
  return found
    .where(({ eb: of }) =>
      of.exists(
        of
          .selectFrom('audit_entries as e')
          .select('e.seq')
          .whereRef('e.seq', '=', 'w.seq')
          .where((eb) => eb.and(named(eb, filter))),
      ),
    )
    .as('k');
}

type OfEntry = ExpressionBuilder<TenantTables & { e: TenantTables['audit_entries'] }, 'e'>;
function named(eb: OfEntry, { user_id, action, resource, status }: Filter): Expression<SqlBool>[] {
  return [
    ...(user_id === undefined ? [] : [eb('e.user_id', '=', user_id)]),
    ...(action === undefined ? [] : [eb('e.action', '=', action)]),
    ...(resource === undefined ? [] : [eb('e.resource', '=', resource)]),
    ...(status === undefined ? [] : [eb('e.status', '=', status)]),
  ];
}

type Compare = (side: '>=' | '<=', time: string) => Expression<SqlBool>;
function within(compare: Compare, { from, to }: Filter): Expression<SqlBool>[] {
  return [...(from === undefined ? [] : [compare('>=', from)]), ...(to === undefined ? [] : [compare('<=', to)])];
}
