/** How people and agents come in: by the border, their rate, and the token that says who they are. */
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { Refusal, Row } from '../../protocol/api/row.ts';
import { source } from '../../protocol/api/values.ts';
import { limitedBy } from './address.ts';
import { wantsMember } from './authorize.ts';
import type { Arrival, Border } from './border.ts';
import type { Visitor } from './caller.ts';
import { isProbe, type Door } from './door.ts';
import type { Identify } from './identify.ts';
import type { RateLimits } from './rate-limits.ts';

interface Parts {
  readonly border: Border;
  readonly limits: RateLimits;
  readonly identify: Identify;
  readonly isStopping: () => boolean;
}

export function createFrontDoor({ border, limits, identify, isStopping }: Parts): Door {
  return async (row, { requestId, headers, socketAddress, query }) => {
    const arrival = border(requestId, headers, socketAddress);
    const visitor = { ...arrival.visitor, ...namedSource(row, query) };
    const refuse =
      atTheDoor(row, arrival) ?? slowDown(limits.take(row?.rate ?? 'read', 'address', limitedBy(visitor.address)));
    const token = bearerToken(headers) ?? queryToken(row, query);
    if (refuse || !row || !wantsMember(row, token !== null)) return { visitor, member: null, refuse };

    const identified = await identify(token, visitor);
    if (!identified.ok) return { visitor, member: null, refuse: { code: identified.code } };
    const { member } = identified;
    return { visitor, member, refuse: slowDown(limits.take(row.rate, 'account', member.account.id)) };
  };

  /** Probes of load balancers come by address, and while we stop; there is nothing to protect in their answers. */
  function atTheDoor(row: Row | null, { refuse }: Arrival): Refusal | null {
    if (isProbe(row)) return null;
    if (refuse) return { code: refuse };
    return isStopping() ? { code: 'not-ready' } : null;
  }
}

function slowDown(waitS: number): Refusal | null {
  return waitS > 0 ? { code: 'slow-down', retryAfterS: waitS } : null;
}

function bearerToken({ authorization }: IncomingHttpHeaders): string | null {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
}

const tokenInQuery = z.object({ token: z.string() });
/** Only where the contract has it: the sockets of clients that cannot set headers. */
function queryToken(row: Row | null, query: unknown): string | null {
  if (row?.kind !== 'socket' || !(row.query instanceof z.ZodObject) || !('token' in row.query.shape)) return null;
  const given = tokenInQuery.safeParse(query);
  return given.success ? given.data.token : null;
}

const sourceInQuery = z.object({ source });
function namedSource(row: Row | null, query: unknown): Partial<Visitor> {
  return row?.kind === 'socket' ? (sourceInQuery.safeParse(query).data ?? {}) : {};
}
