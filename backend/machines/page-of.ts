/** The part of a list that a query asks for. Whoever pages and names no limit gets as many as there may be; whoever does not, all. */
export interface PageQuery {
  readonly page?: number | undefined;
  readonly limit?: number | undefined;
}
export interface Paged {
  readonly isPaged: boolean;
  readonly limit: number;
  readonly offset: number;
}

export function pageOf({ page, limit }: PageQuery): Paged {
  const most = limit ?? 200;
  return { isPaged: page !== undefined || limit !== undefined, limit: most, offset: ((page ?? 1) - 1) * most };
}
