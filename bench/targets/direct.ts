/** The limit: the PTY read in this very process, with nothing between. */
import { spawn } from '@lydell/node-pty';
import { createChunks } from '../chunks.ts';
import { SHELL, SIZE, type Shell, type Target } from '../shell.ts';

export function direct(): Promise<Target> {
  return Promise.resolve({ name: 'direct', open, pids: [], [Symbol.asyncDispose]: () => Promise.resolve() });
}

function open(): Promise<Shell> {
  const [file, ...args] = SHELL;
  const pty = spawn(file, args, { ...SIZE, name: 'xterm-256color', encoding: null });
  const chunks = createChunks(pty);
  // With `encoding: null` the data are buffers, whatever the declaration says.
  pty.onData((data: unknown) => {
    if (data instanceof Uint8Array) chunks.take(data);
  });
  const exited = new Promise<void>((resolve) => {
    pty.onExit(() => {
      resolve();
    });
  });
  return Promise.resolve({
    write: (text) => {
      pty.write(text);
    },
    consume: chunks.consume,
    [Symbol.asyncDispose]: () => {
      pty.resume();
      pty.kill('SIGKILL');
      return exited;
    },
  });
}
