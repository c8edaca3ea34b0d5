/** The messages of a socket, one after another: the next is looked at when the one before is done with. */
import type { RawData, WebSocket } from 'ws';

type Handle = (data: Buffer, isBinary: boolean) => void | Promise<void>;

/**
 * A message that takes time (a look into the store) stops the socket's reading meanwhile, so nothing piles up.
 * `failed` is for what should not happen: it closes the socket.
 */
export function readInOrder(socket: WebSocket, handle: Handle, failed: (error: unknown) => void): void {
  const waiting: (readonly [data: Buffer, isBinary: boolean])[] = [];
  let isBusy = false;

  const begin = (data: Buffer, isBinary: boolean): void | Promise<void> => {
    if (socket.readyState !== socket.OPEN) return; // we closed it: what was under way is not answered any more
    try {
      return handle(data, isBinary);
    } catch (error) {
      failed(error);
    }
  };
  const work = (): void => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const working = begin(...next);
      if (!working) continue;
      isBusy = true;
      socket.pause();
      // Also after a failure: a socket that is not read does not hear its own close answered.
      working.catch(failed).finally(goOn);
      return;
    }
  };
  const goOn = (): void => {
    isBusy = false;
    socket.resume();
    work();
  };
  socket.on('message', (data, isBinary) => {
    waiting.push([bytesOf(data), isBinary]);
    if (!isBusy) work();
  });
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
