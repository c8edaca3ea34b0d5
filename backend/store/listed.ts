/** A list as the contract has it: whole, or a page of it and how many there are in all. */
import type { Expression, ExpressionBuilder, SelectQueryBuilder, SqlBool } from 'kysely';
import { prepared, type ValueOf } from './prepared.ts';
import type { Reads } from './store.ts';

interface Paging {
  readonly page?: number | undefined;
  readonly limit?: number | undefined;
}
export interface Listed<Row> {
  readonly rows: readonly Row[];
  /** Only where a page was asked for. */
  readonly total?: number;
}

type Found<DB, TB extends keyof DB> = SelectQueryBuilder<DB, TB, object>;
type Shown<DB, TB extends keyof DB, Row> = (found: Found<DB, TB>) => SelectQueryBuilder<DB, TB, Row>;

/** `found`: which rows there are; `shown`: what of them, in which order. One who pages and names no limit gets 200. */
export async function listed<DB, TB extends keyof DB, Row>(
  found: Found<DB, TB>,
  shown: Shown<DB, TB, Row>,
  paging: Paging,
): Promise<Listed<Row>> {
  const queries = {
    all: () => shown(found).execute(),
    part: ({ size, before }: Part) => shown(found).limit(size).offset(before).execute(),
    count: () => counting(found).execute(),
  };
  return listBy(queries, paging);
}

type Filter<DB, TB extends keyof DB> = (eb: ExpressionBuilder<DB, TB>) => Expression<SqlBool>;

/**
 * As `listed`, for a list that is asked so often that its queries are kept: see `prepared.ts`. They are those without a filter; `filter` is
 * for a query in which there is more than which page.
 */
export function preparedList<T, DB, TB extends keyof DB, Row>(
  found: (read: Reads<T>) => Found<DB, TB>,
  shown: Shown<DB, TB, Row>,
): (read: Reads<T>, query: Paging, filter: Filter<DB, TB>) => Promise<Listed<Row>> {
  const all = prepared((read: Reads<T>) => shown(found(read)));
  const part = prepared((read: Reads<T>, value: ValueOf<Part>) =>
    shown(found(read)).limit(value('size')).offset(value('before')),
  );
  const count = prepared((read: Reads<T>) => counting(found(read)));
  return async (read, query, filter) => {
    if (isFiltered(query)) return listed(found(read).where(filter), shown, query);
    return listBy(
      { all: () => all(read, {}), part: (which) => part(read, which), count: () => count(read, {}) },
      query,
    );
  };
}

/** By anything that is asked for, whatever its name: a filter that is new to a row is none that is passed over. */
function isFiltered({ page: _page, limit: _limit, ...filters }: Paging): boolean {
  return Object.values(filters).some((value) => value !== undefined && value !== '');
}

type Part = { readonly size: number; readonly before: number };
interface Queries<Row> {
  readonly all: () => Promise<readonly Row[]>;
  readonly part: (which: Part) => Promise<readonly Row[]>;
  readonly count: () => Promise<readonly { readonly total: number }[]>;
}
async function listBy<Row>({ all, part, count }: Queries<Row>, { page, limit }: Paging): Promise<Listed<Row>> {
  if (page === undefined && limit === undefined) return { rows: await all() };
  const size = limit ?? 200;
  const before = ((page ?? 1) - 1) * size;
  const rows = await part({ size, before });
  const isLast = rows.length < size && (rows.length > 0 || before === 0);
  if (isLast) return { rows, total: before + rows.length }; // a search has looked at everything once: that is enough
  const [counted] = await count();
  return { rows, total: counted?.total ?? 0 };
}

function counting<DB, TB extends keyof DB>(found: Found<DB, TB>) {
  return found.select((eb) => eb.fn.countAll().as('total')).$castTo<{ total: number }>();
}

/** The part of an answer that says it. */
export function totalOf({ total }: Listed<unknown>): { total?: number } {
  return total === undefined ? {} : { total };
}
