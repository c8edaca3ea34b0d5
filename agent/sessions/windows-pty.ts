/** A pseudo-console on Windows, by node-pty's own terminal: it gives and takes text, so bytes are decoded on the way in. */
import { StringDecoder } from 'node:string_decoder';
import type { IPty, spawn } from '@lydell/node-pty';
import type { Command, Pty, PtyListener, Size } from './pty.ts';

/** Throws when the console or the program cannot be had. */
export function startWindowsPty(spawnPty: typeof spawn, command: Command, size: Size, listener: PtyListener): Pty {
  const console = spawnPty(command.file, [...command.args], {
    name: 'xterm-256color',
    cwd: command.cwd,
    env: { ...command.env },
    ...size,
  });
  const end = listen(console, listener);
  const decoder = new StringDecoder('utf8'); // a character may be cut between two frames
  return {
    pid: console.pid,
    write: (bytes) => {
      const text = decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      if (text !== '' && !end.over()) console.write(text);
      return bytes.length;
    },
    pause: () => {
      if (!end.over()) console.pause();
    },
    resume: () => {
      if (!end.over()) console.resume();
    },
    resize: ({ cols, rows }) => {
      if (!end.over()) console.resize(cols, rows);
    },
    hangUp: async () => {
      if (!end.over()) console.kill(); // closing the console ends all that is attached to it
      await end.told;
    },
  };
}

function listen(console: IPty, listener: PtyListener): { readonly told: Promise<void>; readonly over: () => boolean } {
  let over = false;
  console.onData((text) => {
    listener.output(Buffer.from(text, 'utf8'));
  });
  const told = new Promise<void>((resolve) => {
    console.onExit(({ exitCode }) => {
      over = true;
      listener.exited({ exitCode, signal: null });
      resolve();
    });
  });
  return { told, over: () => over };
}
