/** Leg 1: the sockets of people's clients. What may be refused is refused before the upgrade; then the dialect decides. */
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Input } from '../../../protocol/api/row.ts';
import type { terminals } from '../../../protocol/api/terminals.ts';
import type { ErrorCode } from '../../../protocol/api/errors.ts';
import type { MachineUser } from '../../gateway/caller.ts';
import type { GroupHandlers } from '../../gateway/handlers.ts';
import { keepAlive } from '../liveness.ts';
import type { MachineSettings } from '../settings.ts';
import type { Attendance } from './attendance.ts';
import { serveFramed } from './framed-client.ts';
import type { Hub } from './hub.ts';
import type { Hubs } from './hubs.ts';
import type { OpeningParts } from './opening.ts';
import { servePlain } from './plain-client.ts';
import type { Revocations } from './revocation.ts';
import { hasRoom } from './session-book.ts';

interface Parts {
  readonly hubs: Hubs;
  readonly attendance: Attendance;
  readonly lookAgainAt: Revocations['lookAgainAt'];
  readonly log: Pick<Logger, 'error'>;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly newUuid: () => string;
  readonly settings: MachineSettings;
}
type Query = Input<(typeof terminals)['connect']>['query'];
/** What the public protocol starts with when nobody measured. */
const COLS = 80;
const ROWS = 24;

export function terminalHandler(parts: Parts): GroupHandlers<typeof terminals>['connect'] {
  return async ({ query }, member, subprotocol) => {
    // The URL may name the client's kind: a program that cannot choose its User-Agent.
    const caller = query.source === undefined ? member : { ...member, source: query.source };
    const isPlain = subprotocol === null;
    const refused = await refusalOf(parts, caller, isPlain ? query : null);
    if (refused) return { refuse: { code: refused } };
    return { accept: (socket) => serve(parts, caller, socket, isPlain ? query : null) };
  };
}

/** `plain`: the query of a client of the plain dialect, which is refused what a framed one is told inside. */
async function refusalOf(parts: Parts, caller: MachineUser, plain: Query | null): Promise<ErrorCode | null> {
  const { hubs, attendance, settings } = parts;
  if (attendance.countOf(caller.account.id) >= settings.maxSocketsPerUser) return 'too-many-sessions';
  if (!plain) return null;
  if (plain.session_id !== undefined && !(await ownsSession(caller, plain.session_id))) return 'not-found';
  if (!hubs.find(caller.machine.agentId)?.isReady) return 'machine-offline';
  if (plain.session_id === undefined && !(await hasRoom(caller, settings.maxSessionsPerUser))) {
    return 'too-many-sessions';
  }
  return null;
}

async function ownsSession(caller: MachineUser, sessionId: string): Promise<boolean> {
  const session = await caller.read
    .selectFrom('sessions')
    .select('id')
    .where('id', '=', sessionId)
    .where('agent_id', '=', caller.machine.agentId)
    .where('user_id', '=', caller.account.id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return session !== undefined;
}

function serve(parts: Parts, caller: MachineUser, socket: WebSocket, plain: Query | null): void {
  const { hubs, attendance, settings, log } = parts;
  const { agentId, machineRole } = caller.machine;
  const { organizationId, id: userId } = caller.account;
  const hub: Hub = hubs.of({ organizationId, agentId });
  const attendant = {
    organizationId,
    agentId,
    userId,
    machineRole,
    close: (code: number, reason: string) => socket.close(code, reason),
  };
  attendance.add(attendant);
  parts.lookAgainAt(attendant);
  keepAlive(socket, { settings, now: parts.monotonic });

  const failed = (error: unknown): void => log.error({ err: error, request_id: caller.requestId }, 'a terminal failed');
  const lookAgain = (): void => parts.lookAgainAt(attendant);
  const opening: OpeningParts = { caller, hub, now: parts.now, newUuid: parts.newUuid, lookAgain, settings };
  if (plain) {
    const { session_id: sessionId = null, cols = COLS, rows = ROWS } = plain;
    const { monotonic } = parts;
    servePlain(socket, { ...opening, sessionId, cols, rows, lingerS: settings.plainLingerS, monotonic, failed });
  } else {
    serveFramed(socket, { ...opening, sessionTtlS: settings.sessionTtlS, failed });
  }
  // After the dialect's own listener: the hub has let go of the client by then.
  socket.on('close', () => {
    attendance.remove(attendant);
    hubs.released(agentId);
  });
}
