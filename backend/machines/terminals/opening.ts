/** From a person's wish for a terminal to the question for a shell, so that one wish never makes two shells. */
import type { FromClient } from '../../../protocol/wire/control.ts';
import type { MachineUser } from '../../gateway/caller.ts';
import type { MachineSettings } from '../settings.ts';
import type { SessionRow } from '../session-shape.ts';
import type { Connection } from './broker.ts';
import type { Hub } from './hub.ts';
import { wireCode, type WireRefusal } from './refusals.ts';
import { forgetSession, storeSession, wishedBefore } from './session-book.ts';

export type OpenWish = Omit<Extract<FromClient, { type: 'open' }>, 'type'>;

export interface OpeningParts {
  readonly caller: MachineUser;
  readonly hub: Hub;
  readonly now: () => number;
  readonly newUuid: () => string;
  /** The right may have gone between the look at it and the session's row, which whoever took it did not see then. */
  readonly lookAgain: () => void;
  readonly settings: Pick<MachineSettings, 'maxSessionsPerUser'>;
}
/** `asked`: the hub tells the connection what comes of it. `there`: it was opened before. */
export type Opening =
  | { readonly is: 'asked' }
  | { readonly is: 'there'; readonly sessionId: string }
  | { readonly is: 'refused'; readonly code: WireRefusal };

/** `ttlS`: how long the session lives with nobody attached. */
export async function openSession(
  connection: Connection,
  wish: OpenWish,
  ttlS: number,
  parts: OpeningParts,
): Promise<Opening> {
  const known = await wishedBefore(parts.caller, wish.open_id);
  if (known) return again(connection, known, { wish, ttlS, parts });
  if (!parts.hub.isReady) return { is: 'refused', code: 'machine-offline' };
  const sessionId = parts.newUuid();
  parts.hub.willOpen(sessionId);
  const refused = await begin(sessionId, wish, parts);
  if (refused === null) {
    ask(connection, sessionId, { wish, ttlS, parts });
    parts.lookAgain();
    return { is: 'asked' };
  }
  parts.hub.wontOpen(sessionId);
  if (refused !== 'name-taken') return { is: 'refused', code: wireCode(refused) };
  const other = await wishedBefore(parts.caller, wish.open_id);
  return other ? again(connection, other, { wish, ttlS, parts }) : { is: 'refused', code: 'unexpected' };
}

interface Asking {
  readonly wish: OpenWish;
  readonly ttlS: number;
  readonly parts: OpeningParts;
}

/** What is over is told by `attach`; what the agent was asked for already, it answers once more. */
function again(connection: Connection, known: SessionRow, asking: Asking): Opening {
  const { hub } = asking.parts;
  if (known.ended_at !== null || !hub.isOpening(known.id)) return { is: 'there', sessionId: known.id };
  ask(connection, known.id, asking);
  return { is: 'asked' };
}

/** Null when the session is stored and its shell can be asked for. */
async function begin(sessionId: string, wish: OpenWish, parts: OpeningParts): Promise<string | null> {
  const { caller, hub, now, settings } = parts;
  const row = { sessionId, openId: wish.open_id, source: caller.source, cols: wish.cols, rows: wish.rows };
  const limits = { at: new Date(now()), maxSessions: settings.maxSessionsPerUser };
  const stored = await storeSession(caller, row, limits);
  if ('refuse' in stored) return stored.refuse.code;
  if (hub.isReady) return null;
  const why = { agentId: caller.machine.agentId, code: 'machine-offline' };
  await forgetSession(caller.organization, sessionId, why); // it went while we wrote
  return why.code;
}

function ask(connection: Connection, sessionId: string, { wish, ttlS, parts }: Asking): void {
  const { account, machine, source } = parts.caller;
  parts.hub.open(connection, {
    type: 'open',
    session_id: sessionId,
    user_id: account.id,
    username: account.username,
    source,
    machine_role: machine.machineRole,
    cols: wish.cols,
    rows: wish.rows,
    ...(wish.shell !== undefined && { shell: wish.shell }),
    ...(wish.cwd !== undefined && { cwd: wish.cwd }),
    ttl_s: ttlS,
  });
}
