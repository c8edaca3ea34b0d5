/** The way into a service: a request comes to it before anything of it is done, and is let in as somebody, or refused. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Refusal, Row } from '../../protocol/api/row.ts';
import type { Member, Visitor } from './caller.ts';

export interface Knock {
  readonly requestId: string;
  readonly method: string;
  /** Path and query, as they came. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly socketAddress: string;
  /** As it came: a socket's may carry a token and a source. */
  readonly query: unknown;
}
export interface Admitted {
  readonly visitor: Visitor;
  /** Null where the row asks for nobody. */
  readonly member: Member | null;
  /** Null: it may go on to its handler. */
  readonly refuse: Refusal | null;
}
/** Looks at no body: who may not come in does not make us read one. */
export type Door = (row: Row | null, knock: Knock) => Promise<Admitted>;

/** What load balancers and collectors ask. */
export function isProbe(row: Row | null): boolean {
  return row?.access === 'public' && row.rate === 'none';
}
