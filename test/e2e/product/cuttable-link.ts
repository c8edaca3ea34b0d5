/** A stretch of network between desktop and backend that a test can cut and mend. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CuttableLink extends AsyncDisposable {
  readonly url: string;
  /** Connections break and new ones are refused. */
  readonly cut: () => void;
  /** Nothing passes, and nobody is told. */
  readonly stall: () => void;
  readonly mend: () => void;
}

export async function startLink(targetPort: number): Promise<CuttableLink> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const pair = [near, connect(targetPort, '127.0.0.1')] as const;
    pairs.add(pair);
    join(pair, () => pairs.delete(pair));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const breakAll = (): void => {
    for (const socket of [...pairs].flat()) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut: () => {
      isCut = true;
      breakAll();
    },
    stall: () => {
      for (const socket of [...pairs].flat()) socket.pause();
    },
    mend: () => {
      isCut = false;
      for (const socket of [...pairs].flat()) socket.resume();
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      breakAll();
      await closed;
    },
  };
}

function join([near, far]: readonly [Socket, Socket], onEnd: () => void): void {
  near.pipe(far);
  far.pipe(near);
  for (const [socket, other] of [
    [near, far],
    [far, near],
  ] as const) {
    socket.setNoDelay(true);
    socket.on('error', () => {}); // a cut is what this is for
    socket.on('close', () => {
      other.destroy();
      onEnd();
    });
  }
}
