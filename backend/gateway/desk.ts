/** From a request to its handler and back, the same for HTTP and sockets: the door, input, access, handler. */
import { z } from 'zod';
import type { Row } from '../../protocol/api/row.ts';
import { authorize, memberAccess } from './authorize.ts';
import type { Guest, Member, Visitor } from './caller.ts';
import type { Admitted, Door } from './door.ts';
import type { Subprotocol } from './handlers.ts';
import { parseInput, type AnyInput } from './parse-input.ts';
import type { AnyOutcome, OwnRoute } from './routes.ts';

export interface Desk {
  readonly admit: Door;
  answer(route: OwnRoute, admitted: Admitted, raw: AnyInput, subprotocol: Subprotocol): Promise<AnyOutcome>;
}

export function createDesk(door: Door): Desk {
  return {
    admit: door,
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
}

function guest({ access }: Row, visitor: Visitor, member: Member | null): Visitor | Guest {
  return access === 'anybody' ? { ...visitor, member } : visitor;
}

function changesSomething(row: Row): boolean {
  return row.method !== 'GET' || row.kind === 'socket';
}

const paramsInPath = z.record(z.string(), z.string());
/** Told to the caller's own organization: what it reached for may be another's, and of that nothing is told. */
async function noteDenied(route: OwnRoute, member: Member, params: unknown): Promise<void> {
  const [resource] = Object.values(paramsInPath.safeParse(params).data ?? {});
  const about = { action: 'permission_denied', status: 'failure', detail: { route: route.name } } as const;
  await member.organization.write(member.actor, () =>
    Promise.resolve({ value: null, audit: { ...about, ...(resource !== undefined && { resource }) } }),
  );
}
