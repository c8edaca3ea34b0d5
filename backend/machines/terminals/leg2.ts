/** Leg 2: an agent's one socket. Nothing but its hello is read before it has proven which machine it is. */
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { agents } from '../../../protocol/api/agents.ts';
import { fromAgent, MAX_MESSAGE, type FromAgent, type ToAgent } from '../../../protocol/wire/control.ts';
import { limitedBy } from '../../gateway/address.ts';
import type { Visitor } from '../../gateway/caller.ts';
import type { GroupHandlers, SocketOutcome } from '../../gateway/handlers.ts';
import type { MachineSettings } from '../settings.ts';
import type { Admission, Goodbye, Hello } from './admission.ts';
import { readInOrder } from './inbox.ts';
import type { AgentLink, Joining } from './joining.ts';
import { dismiss } from './links.ts';
import { CLOSE, refusal, type WireRefusal } from './refusals.ts';
import { readText } from './text-message.ts';

interface Parts {
  readonly admit: (asked: { hello: Hello; nonce: string; visitor: Visitor }) => Promise<Admission>;
  readonly join: Joining['join'];
  readonly log: Pick<Logger, 'error'>;
  readonly newNonce: () => string;
  readonly settings: Pick<MachineSettings, 'maxUnprovenPerAddress' | 'helloWithinMs'>;
}

export function agentHandler(parts: Parts): GroupHandlers<typeof agents>['connect'] {
  const unproven = createCounts();
  const connect = ({ address }: Visitor, subprotocol: string | null): SocketOutcome | null => {
    if (subprotocol === null) return { refuse: { code: 'bad-request' } };
    if (unproven.of(limitedBy(address)) < parts.settings.maxUnprovenPerAddress) return null;
    return { refuse: { code: 'slow-down', retryAfterS: Math.ceil(parts.settings.helloWithinMs / 1000) } };
  };
  return (_input, visitor, subprotocol) => {
    const accept = (socket: WebSocket): void => meet(parts, visitor, socket, unproven.add(limitedBy(visitor.address)));
    return Promise.resolve(connect(visitor, subprotocol) ?? { accept });
  };
}

interface Counts {
  of(address: string): number;
  /** Gives what takes it off again; to be called once or more. */
  add(address: string): () => void;
}

function createCounts(): Counts {
  const open = new Map<string, Set<symbol>>();
  return {
    of: (address) => open.get(address)?.size ?? 0,
    add(address) {
      const one = Symbol(address);
      const those = (open.get(address) ?? new Set()).add(one);
      open.set(address, those);
      return () => {
        if (those.delete(one) && those.size === 0) open.delete(address);
      };
    },
  };
}

function meet(parts: Parts, visitor: Visitor, socket: WebSocket, proven: () => void): void {
  const { settings, log } = parts;
  const nonce = parts.newNonce();
  let link: AgentLink | null = null;
  const tell = (message: ToAgent): void => socket.send(JSON.stringify(message));
  const refuse = (code: WireRefusal, close: number = CLOSE.badInput): void => {
    tell(refusal(code));
    socket.close(close, code);
  };
  const late = setTimeout(() => refuse('hello-missing'), settings.helloWithinMs);
  socket.on('close', () => {
    clearTimeout(late);
    proven();
  });

  const greet = async (hello: Hello): Promise<void> => {
    clearTimeout(late);
    const admission = await parts.admit({ hello, nonce, visitor });
    // One that is refused counts until it is gone: it need not answer the close.
    if (!admission.ok) return dismiss(socket, admission.goodbye);
    proven();
    link = await parts.join(socket, hello, admission.machine);
  };
  const receive = (message: FromAgent): void | Promise<void> => {
    if (link) return link.receive(message);
    return message.type === 'hello' ? greet(message) : refuse('hello-missing');
  };
  readInOrder(
    socket,
    (data, isBinary) => {
      if (data.length > MAX_MESSAGE) return refuse('too-large');
      if (isBinary) return link ? link.frame(data) : refuse('hello-missing');
      const read = readText(data, fromAgent);
      return read.ok ? receive(read.message) : refuse(read.code);
    },
    (error) => {
      log.error({ err: error, request_id: visitor.requestId }, "an agent's link failed");
      dismiss(socket, TRY_LATER);
    },
  );
  tell({ type: 'challenge', nonce });
}

/** Our fault, or our disk's: the agent is not to hurry. */
const TRY_LATER: Goodbye = { type: 'goodbye', reason: 'busy', retry_after_s: 30 };
