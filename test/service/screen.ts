/** A terminal as a person has it: draws what comes, acks what is drawn, and attaches again from where it was. */
import { randomUUID } from 'node:crypto';
import { vi } from 'vitest';
import type { Backend } from './backend.ts';
import type { Person } from './people.ts';
import {
  attachMessage,
  connectTerminal,
  openTerminal,
  type Attach,
  type Attached,
  type ClientTalk,
} from './terminal-client.ts';

const WINDOW = 256 * 1024;

export interface Screen extends AsyncDisposable {
  readonly sessionId: string;
  readonly client: ClientTalk;
  /** Every byte of output, in order, once. */
  readonly drawn: Buffer;
  readonly text: string;
  type(text: string): void;
  /** Waits until this is on the screen, from `from` on. */
  sees(text: string, from?: number): Promise<void>;
  /** Breaks its own socket. */
  cut(): void;
  /** Over a new socket, until it is attached. */
  attachAgain(backend: Pick<Backend, 'url'>, change?: Partial<Attach>): Promise<Attached>;
}

export async function openScreen(
  backend: Pick<Backend, 'url'>,
  person: Person,
  agentId: string,
  sessionId?: string,
): Promise<Screen> {
  const id = randomUUID();
  let client = await connectTerminal(backend, person, agentId);
  const session = sessionId ?? (await openTerminal(client));
  let parts: Uint8Array[] = [];
  let next = 0;
  let acked = 0;
  let attaches = 0;
  /** Typed and not yet taken: sent again after a cut. */
  let typed = Buffer.alloc(0);
  let taken = 0;

  const listen = (to: ClientTalk): void => {
    to.onFrame((frame) => {
      if (frame.kind === 'input-ack') taken = Math.max(taken, frame.offset);
      if (frame.kind !== 'output') return;
      if (frame.offset !== next) throw new Error(`output goes on at ${frame.offset}, not at ${next}`);
      parts.push(frame.payload);
      next += frame.payload.length;
      if (next - acked < WINDOW / 4) return;
      acked = next;
      to.send({ kind: 'output-ack', channel: 0, offset: next, window: WINDOW });
    });
  };
  const attach = async (change: Partial<Attach>): Promise<Attached> => {
    attaches += 1;
    const position = { want: next, consumed: next };
    client.say(attachMessage(session, { n: attaches, client: id, window: WINDOW, ...position, ...change }));
    const attached = await client.next('attached');
    acked = next;
    client.send({ kind: 'output-ack', channel: 0, offset: next, window: WINDOW });
    taken = attached.input_offset;
    send();
    return attached;
  };
  const send = (): void => {
    const payload = typed.subarray(taken);
    if (payload.length > 0) client.send({ kind: 'input', channel: 0, typedAt: 0, offset: taken, payload });
  };
  const drawn = (): Buffer => {
    const whole = Buffer.concat(parts);
    parts = [whole];
    return whole;
  };

  listen(client);
  await attach({ take: true });
  return {
    sessionId: session,
    get client() {
      return client;
    },
    get drawn() {
      return drawn();
    },
    get text() {
      return drawn().toString();
    },
    type(text) {
      const offset = typed.length;
      typed = Buffer.concat([typed, Buffer.from(text)]);
      client.send({ kind: 'input', channel: 0, typedAt: 0, offset, payload: typed.subarray(offset) });
    },
    async sees(text, from = 0) {
      await vi.waitFor(
        () => {
          if (!drawn().includes(text, from))
            throw new Error(`not seen: ${text}; but ${drawn().subarray(-500).toString()}`);
        },
        { timeout: 30_000, interval: 20 },
      );
    },
    cut() {
      client.socket.terminate();
    },
    async attachAgain(to, change = {}) {
      client.socket.terminate();
      await client.closed;
      client = await connectTerminal(to, person, agentId);
      listen(client);
      return attach(change);
    },
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
    },
  };
}
