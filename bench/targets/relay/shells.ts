/** The machine's end of the bare relay: one shell waits at the hub for a client; when it is taken, the next one waits. */
import { spawn } from '@lydell/node-pty';
import { createWebSocketStream, WebSocket } from 'ws';
import { SHELL, SIZE } from '../../shell.ts';

const [port = ''] = process.argv.slice(2);

function offer(): void {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/shell`, {
    perMessageDeflate: false,
    generateMask: (mask) => mask.fill(0), // as the product's agent: nothing is copied for it
  });
  const stream = createWebSocketStream(socket);
  const [file, ...args] = SHELL;
  const pty = spawn(file, args, { ...SIZE, name: 'xterm-256color', encoding: null });
  // With `encoding: null` the data are buffers, whatever the declaration says.
  pty.onData((data: unknown) => {
    if (!stream.write(data)) pty.pause();
  });
  stream.on('drain', () => {
    pty.resume();
  });
  stream.once('data', offer);
  stream.on('data', (typed: Buffer) => {
    pty.write(typed);
  });
  stream.on('error', () => undefined);
  stream.on('close', () => {
    pty.kill('SIGKILL');
  });
}

offer();
