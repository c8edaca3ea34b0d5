/**
 * What three programs in a row cost with nothing in them: a shell's bytes piped from a WebSocket to the next. It knows no people, keeps nothing,
 * loses a session with its socket: the limit of our topology, as `direct` is that of the terminal.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { createChunks } from '../chunks.ts';
import { end } from '../processes.ts';
import type { Shell, Target } from '../shell.ts';

const programs = path.join(import.meta.dirname, 'targets/relay');

export async function relay(): Promise<Target> {
  const hub = fork(path.join(programs, 'hub.js'));
  const [port] = z.tuple([z.int(), z.unknown()]).parse(await once(hub, 'message'));
  const shells = fork(path.join(programs, 'shells.js'), [String(port)]);
  return {
    name: 'a bare relay',
    open: () => openShell(port),
    pids: [hub, shells].flatMap(({ pid }) => pid ?? []),
    [Symbol.asyncDispose]: async () => {
      await end(shells);
      await end(hub);
    },
  };
}

async function openShell(port: number): Promise<Shell> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/client`, { perMessageDeflate: false });
  const chunks = createChunks(socket);
  socket.on('message', (data: Buffer) => {
    chunks.take(data);
  });
  await once(socket, 'open');
  return {
    write: (text) => {
      socket.send(text);
    },
    consume: chunks.consume,
    [Symbol.asyncDispose]: async () => {
      const closed = once(socket, 'close');
      socket.terminate();
      await closed;
    },
  };
}
