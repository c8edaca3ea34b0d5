/** From a request to its handler and back, the same for HTTP and sockets: the door, input, access, handler. */
import type { ErrorCode } from '../../protocol/api/errors.ts';
import type { Row } from '../../protocol/api/row.ts';
import type { Refusals } from '../store/refusals.ts';
import { authorize, memberAccess } from './authorize.ts';
import type { Guest, Member, Visitor } from './caller.ts';
import type { Admitted, Door } from './door.ts';
import type { Subprotocol } from './handlers.ts';
import { parseInput, type AnyInput } from './parse-input.ts';
import { refusedNote } from './refused.ts';
import type { AnyOutcome, OwnRoute } from './routes.ts';

export interface Desk {
  readonly admit: Door;
  answer(route: OwnRoute, admitted: Admitted, raw: AnyInput, subprotocol: Subprotocol): Promise<AnyOutcome>;
}

export function createDesk(door: Door, refusals: Pick<Refusals, 'note'>): Desk {
  const tell = async (row: Row, admitted: Admitted, code: ErrorCode, params?: unknown): Promise<void> => {
    const refused = refusedNote(row, admitted, code, params);
    if (refused) await refusals.note(refused);
  };
  return {
    async admit(row, knock) {
      const admitted = await door(row, knock);
      if (row && admitted.refuse) await tell(row, admitted, admitted.refuse.code);
      return admitted;
    },
    async answer(route, admitted, raw, subprotocol) {
      const outcome = await handled(route, admitted, raw, subprotocol);
      if ('refuse' in outcome) await tell(route.row, admitted, outcome.refuse.code, raw.params);
      return outcome;
    },
  };
}

async function handled(
  route: OwnRoute,
  { visitor, member }: Admitted,
  raw: AnyInput,
  subprotocol: Subprotocol,
): Promise<AnyOutcome> {
  const parsed = parseInput(route.row, raw);
  if (!parsed.ok) return parsed;
  const access = memberAccess(route.row);
  if (access === null) return route.handle(parsed.input, guest(route.row, visitor, member), subprotocol);
  if (!member) return { refuse: { code: 'not-signed-in' } };
  const authorized = await authorize(access, member, parsed.input.params);
  if (!authorized.ok) return { refuse: { code: authorized.code } };
  return route.handle(parsed.input, authorized.caller, subprotocol);
}

function guest({ access }: Row, visitor: Visitor, member: Member | null): Visitor | Guest {
  return access === 'anybody' ? { ...visitor, member } : visitor;
}
