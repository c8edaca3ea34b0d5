/** From a request to its handler and back, the same for HTTP and sockets: border, rate, who, input, access, handler. */
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { Refusal, Row } from '../../protocol/api/row.ts';
import { source } from '../../protocol/api/values.ts';
import { limitedBy } from './address.ts';
import { authorize, type MemberAccess } from './authorize.ts';
import type { Arrival, Border } from './border.ts';
import type { Guest, Member, Visitor } from './caller.ts';
import type { Subprotocol } from './handlers.ts';
import type { Identify } from './identify.ts';
import { parseInput, type AnyInput } from './parse-input.ts';
import type { RateLimits } from './rate-limits.ts';
import type { AnyOutcome, Route } from './routes.ts';

export interface Knock {
  readonly requestId: string;
  readonly headers: IncomingHttpHeaders;
  readonly socketAddress: string;
  /** As it came: a socket's may carry a token and a source. */
  readonly query: unknown;
}
export interface Admitted {
  readonly visitor: Visitor;
  /** Null where the row asks for nobody. */
  readonly member: Member | null;
  /** Null: it may go on to `answer`. */
  readonly refuse: Refusal | null;
}
export interface Desk {
  /** Looks at no body: who may not come in does not make us read one. */
  admit(row: Row | null, knock: Knock): Promise<Admitted>;
  answer(route: Route, admitted: Admitted, raw: AnyInput, subprotocol: Subprotocol): Promise<AnyOutcome>;
}

export interface DeskParts {
  readonly border: Border;
  readonly limits: RateLimits;
  readonly identify: Identify;
  readonly isStopping: () => boolean;
}

export function createDesk({ border, limits, identify, isStopping }: DeskParts): Desk {
  return {
    async admit(row, { requestId, headers, socketAddress, query }) {
      const arrival = border(requestId, headers, socketAddress);
      const visitor = { ...arrival.visitor, ...namedSource(row, query) };
      const refuse =
        atTheDoor(row, arrival) ?? slowDown(limits.take(row?.rate ?? 'read', 'address', limitedBy(visitor.address)));
      const token = bearerToken(headers) ?? queryToken(row, query);
      if (refuse || !row || !wantsMember(row, token)) return { visitor, member: null, refuse };

      const identified = await identify(token, visitor);
      if (!identified.ok) return { visitor, member: null, refuse: { code: identified.code } };
      const { member } = identified;
      return { visitor, member, refuse: slowDown(limits.take(row.rate, 'account', member.account.id)) };
    },

    async answer(route, { visitor, member }, raw, subprotocol) {
      const parsed = parseInput(route.row, raw);
      if (!parsed.ok) return parsed;
      const access = memberAccess(route.row);
      if (access === null) return route.handle(parsed.input, guest(route.row, visitor, member), subprotocol);
      if (!member) return { refuse: { code: 'not-signed-in' } };
      const authorized = await authorize(access, member, parsed.input.params);
      if (authorized.ok) return route.handle(parsed.input, authorized.caller, subprotocol);
      if (changesSomething(route.row)) await noteDenied(route, member, raw.params);
      return { refuse: { code: authorized.code } };
    },
  };

  /** Probes of load balancers come by address, and while we stop; there is nothing to protect in their answers. */
  function atTheDoor(row: Row | null, { refuse }: Arrival): Refusal | null {
    if (isProbe(row)) return null;
    if (refuse) return { code: refuse };
    return isStopping() ? { code: 'not-ready' } : null;
  }
}

function memberAccess({ access }: Row): MemberAccess | null {
  return access === 'public' || access === 'agent' || access === 'anybody' ? null : access;
}

function wantsMember(row: Row, token: string | null): boolean {
  return memberAccess(row) !== null || (row.access === 'anybody' && token !== null);
}

function guest({ access }: Row, visitor: Visitor, member: Member | null): Visitor | Guest {
  return access === 'anybody' ? { ...visitor, member } : visitor;
}

function isProbe(row: Row | null): boolean {
  return row?.access === 'public' && row.rate === 'none';
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

function changesSomething(row: Row): boolean {
  return row.method !== 'GET' || row.kind === 'socket';
}

const paramsInPath = z.record(z.string(), z.string());
/** Told to the caller's own organization: what it reached for may be another's, and of that nothing is told. */
async function noteDenied(route: Route, member: Member, params: unknown): Promise<void> {
  const [resource] = Object.values(paramsInPath.safeParse(params).data ?? {});
  const about = { action: 'permission_denied', status: 'failure', detail: { route: route.name } } as const;
  await member.organization.write(member.actor, () =>
    Promise.resolve({ value: null, audit: { ...about, ...(resource !== undefined && { resource }) } }),
  );
}
