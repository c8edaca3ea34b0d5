/** One terminal as the page has it: acknowledges what its consumer is done with, numbers what is typed. */
import type { Bridge } from '../../../protocol/bridge/bridge.ts';
import type { TerminalPort } from '../../../protocol/bridge/terminal.ts';
import { decode, encode } from '../../../protocol/wire/frame.ts';
import { createChunks } from '../../chunks.ts';
import { SIZE, type Shell } from '../../shell.ts';

/** As the page does: promptly while it is waited for. Bytes. */
const ACK_AFTER = 16 * 1024;
const GATHER_MS = 10;
/** Input says when it was typed in these, since the port was opened: what is old is asked about and not sent. */
const TENTH_MS = 100;

export async function openShell(bridge: Bridge, terminal: string): Promise<Shell> {
  const port = bridge.terminal(terminal);
  const openedAt = performance.now();
  const chunks = createChunks({ pause: () => {}, resume: () => {} });
  port.onFrame((bytes) => {
    const decoded = decode(bytes);
    if (decoded.ok && decoded.frame.kind === 'output') chunks.take(decoded.frame.payload);
  });
  const acks = createAcks(port, await attach(port));
  const drawnAfter = async (done: Promise<void>, bytes: number): Promise<void> => {
    await done;
    acks.drawn(bytes);
  };
  let typed = 0;
  return {
    write: (text) => {
      const payload = Buffer.from(text);
      const typedAt = Math.floor((performance.now() - openedAt) / TENTH_MS);
      port.sendFrame(encode({ kind: 'input', channel: 0, typedAt, offset: typed, payload }));
      typed += payload.length;
    },
    consume: (consumer) => {
      chunks.consume((chunk) => {
        const done = consumer(chunk);
        return done === undefined ? acks.drawn(chunk.length) : drawnAfter(done, chunk.length);
      });
    },
    [Symbol.asyncDispose]: async () => {
      await bridge.call('terminals.close', { terminal });
      port.close();
    },
  };
}

/** Resolves with the offset the output starts at. */
function attach(port: TerminalPort): Promise<number> {
  return new Promise((resolve, reject) => {
    port.onMessage((message) => {
      if (message.type === 'ready') port.send({ type: 'attach', consumed: null, ...SIZE });
      if (message.type === 'attached') resolve(message.output_offset);
    });
    port.onClose(() => {
      reject(new Error('the terminal was closed'));
    });
  });
}

function createAcks(port: TerminalPort, start: number): { readonly drawn: (bytes: number) => void } {
  let drawn = start;
  let acked = -1;
  const say = (): void => {
    if (acked === drawn) return;
    acked = drawn;
    port.sendFrame(encode({ kind: 'output-ack', channel: 0, offset: drawn, window: 0 }));
  };
  say();
  return {
    drawn: (bytes) => {
      drawn += bytes;
      if (drawn - acked >= ACK_AFTER) say();
      else setTimeout(say, GATHER_MS);
    },
  };
}
