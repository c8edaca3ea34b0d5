/** A way to a server that a test can cut: bytes pass through it until it says no more. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { z } from 'zod';

export interface Cuttable extends AsyncDisposable {
  readonly url: string;
  /** Every connection breaks now, with what was on its way; new ones pass. */
  cut(): void;
  /** How many connections there were so far. */
  readonly dialled: number;
}

const listening = z.object({ port: z.number() });

export async function startCuttable(port: number): Promise<Cuttable> {
  const open = new Set<Socket>();
  let dialled = 0;
  const server = createServer((inbound) => {
    dialled += 1;
    const outbound = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      open.add(one);
      one.setNoDelay(true);
      one.pipe(other);
      one.on('error', () => undefined); // cut
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  const cut = (): void => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    url: `http://127.0.0.1:${listening.parse(address).port}`,
    cut,
    get dialled() {
      return dialled;
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
