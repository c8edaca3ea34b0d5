/** A client that speaks `webxterm.v1`: what it says goes to the hub as it is; what the store decides is looked up first. */
import type { WebSocket } from 'ws';
import { fromClient, MAX_MESSAGE, type FromClient, type ToClient } from '../../../protocol/wire/control.ts';
import type { MachineUser } from '../../gateway/caller.ts';
import { MOST_FOR_CLIENT, sendBounded } from '../send-queue.ts';
import type { Attach, Connection } from './broker.ts';
import { faultCode } from './fault-code.ts';
import { readInOrder } from './inbox.ts';
import { openSession, type OpeningParts, type OpenWish } from './opening.ts';
import { CLOSE, refusal, type WireRefusal } from './refusals.ts';
import { readText } from './text-message.ts';

export interface FramedParts extends OpeningParts {
  readonly sessionTtlS: number;
  readonly failed: (error: unknown) => void;
}

export function serveFramed(socket: WebSocket, parts: FramedParts): void {
  const { hub } = parts;
  const tell = (message: ToClient): void => sendBounded(socket, JSON.stringify(message), MOST_FOR_CLIENT);
  const refuse = (code: WireRefusal, close: number): void => {
    tell(refusal(code));
    socket.close(close, code);
  };
  const connection = hub.connect({
    tell,
    frame: (bytes) => sendBounded(socket, bytes, MOST_FOR_CLIENT),
    close: (code, reason) => socket.close(code, reason),
  });
  socket.on('close', () => hub.disconnected(connection));

  const viewed = new Set<string>();
  const receive = (message: FromClient): void | Promise<void> => {
    switch (message.type) {
      case 'open':
        return open(connection, message, parts, tell);
      case 'attach':
        return attach(connection, message, { ...parts, viewed }, tell);
      case 'resize':
      case 'close':
      case 'probe':
        return hub.receive(connection, message);
    }
  };
  readInOrder(
    socket,
    (data, isBinary) => {
      if (data.length > MAX_MESSAGE) return refuse('too-large', CLOSE.badInput);
      if (isBinary) return hub.receiveFrame(connection, data);
      const read = readText(data, fromClient);
      return read.ok ? receive(read.message) : refuse(read.code, CLOSE.badInput);
    },
    (error) => {
      parts.failed(error);
      refuse(faultCode(error), CLOSE.failed);
    },
  );
}

type Tell = (message: ToClient) => void;

async function open(connection: Connection, wish: OpenWish, parts: FramedParts, tell: Tell): Promise<void> {
  const opening = await openSession(connection, wish, parts.sessionTtlS, parts);
  if (opening.is === 'there') tell({ type: 'opened', session_id: opening.sessionId });
  if (opening.is === 'refused') tell(refusal(opening.code));
}

async function attach(
  connection: Connection,
  message: Attach,
  { caller, hub, viewed }: FramedParts & { readonly viewed: Set<string> },
  tell: Tell,
): Promise<void> {
  const session = await caller.read
    .selectFrom('sessions')
    .select(['user_id', 'ended_at', 'end_reason'])
    .where('id', '=', message.session_id)
    .where('agent_id', '=', caller.machine.agentId)
    .executeTakeFirst();
  if (!session) return tell(refusal('not-found'));
  // One whose shell exited may still be had from the agent, to its last byte; of others there is nothing left.
  if (session.ended_at !== null && session.end_reason !== 'exited') return tell(refusal('session-ended'));
  const isOwner = session.user_id === caller.account.id;
  if (!isOwner && !viewed.has(message.session_id)) await noteViewing(caller, message.session_id, session.user_id);
  viewed.add(message.session_id);
  hub.attach(connection, message, isOwner);
}

/** To look over somebody's shoulder leaves a trace: once per session and socket, however often it attaches anew. */
async function noteViewing(caller: MachineUser, sessionId: string, ofUser: string): Promise<void> {
  const detail = { agent_id: caller.machine.agentId, of_user: ofUser };
  const audit = { action: 'session_viewed', resource: sessionId, detail };
  await caller.write(() => Promise.resolve({ value: undefined, audit }));
}
