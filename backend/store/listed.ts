/** A list as the contract has it: whole, or a page of it and how many there are in all. */
import type { SelectQueryBuilder } from 'kysely';

interface Paging {
  readonly page?: number | undefined;
  readonly limit?: number | undefined;
}
export interface Listed<Row> {
  readonly rows: readonly Row[];
  /** Only where a page was asked for. */
  readonly total?: number;
}

/** `found`: which rows there are; `shown`: what of them, in which order. One who pages and names no limit gets 200. */
export async function listed<DB, TB extends keyof DB, Row>(
  found: SelectQueryBuilder<DB, TB, object>,
  shown: (found: SelectQueryBuilder<DB, TB, object>) => SelectQueryBuilder<DB, TB, Row>,
  { page, limit }: Paging,
): Promise<Listed<Row>> {
  if (page === undefined && limit === undefined) return { rows: await shown(found).execute() };
  const size = limit ?? 200;
  const before = ((page ?? 1) - 1) * size;
  const rows = await shown(found).limit(size).offset(before).execute();
  const isLast = rows.length < size && (rows.length > 0 || before === 0);
  if (isLast) return { rows, total: before + rows.length }; // a search has looked at everything once: that is enough
  const { total } = await found
    .select((eb) => eb.fn.countAll().as('total'))
    .$castTo<{ total: number | string | bigint }>()
    .executeTakeFirstOrThrow();
  return { rows, total: Number(total) };
}

/** The part of an answer that says it. */
export function totalOf({ total }: Listed<unknown>): { total?: number } {
  return total === undefined ? {} : { total };
}
