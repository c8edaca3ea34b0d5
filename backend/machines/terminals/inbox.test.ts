import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { readInOrder } from './inbox.ts';

const unexpected = (error: unknown): never => {
  throw error;
};
const bound = z.object({ port: z.number() });

describe('the messages of a socket', () => {
  let server: WebSocketServer;
  let sender: WebSocket;
  let receiver: WebSocket;
  beforeEach(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const address: AddressInfo | string | null = server.address();
    const accepted = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
    sender = new WebSocket(`ws://127.0.0.1:${bound.parse(address).port}`);
    await once(sender, 'open');
    receiver = await accepted;
  });
  afterEach(async () => {
    sender.terminate();
    server.close();
    await once(server, 'close');
  });
  it('are looked at one after another, those that take time too', async () => {
    const seen: string[] = [];
    const store = new EventEmitter();
    readInOrder(
      receiver,
      (data) => {
        const text = data.toString();
        seen.push(`${text} begun`);
        if (text !== 'slow') return undefined;
        return once(store, 'answered').then(() => void seen.push('slow done'));
      },
      unexpected,
    );
    for (const text of ['first', 'slow', 'second', 'third']) sender.send(text);
    await vi.waitFor(() => expect(seen).toEqual(['first begun', 'slow begun']));
    expect(receiver.isPaused).toBe(true);
    store.emit('answered');
    await vi.waitFor(() => expect(seen.slice(2)).toEqual(['slow done', 'second begun', 'third begun']));
    expect(receiver.isPaused).toBe(false);
  });

  it('are not answered any more once we closed it', async () => {
    const seen: string[] = [];
    readInOrder(
      receiver,
      (data) => {
        seen.push(data.toString());
        receiver.close();
      },
      unexpected,
    );
    sender.send('last');
    sender.send('too late');
    await once(receiver, 'close');
    expect(seen).toEqual(['last']);
  });

  it.each([
    ['at once', () => unexpected(new Error('a bug'))],
    ['later', () => Promise.reject(new Error('a bug'))],
  ])('whose handler fails %s are told of, and the process goes on', async (_case, handle) => {
    const failures: unknown[] = [];
    readInOrder(receiver, handle, (error) => failures.push(error));
    sender.send('x');
    await vi.waitFor(() => expect(failures).toEqual([new Error('a bug')]));
    await vi.waitFor(() => expect(receiver.isPaused).toBe(false));
  });
});
