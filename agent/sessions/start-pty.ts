/** Chooses the pseudo-terminal of this system. Its compiled part is loaded when the first session opens, not before. */
import { createRequire } from 'node:module';
import type { spawn } from '@lydell/node-pty';
import { z } from 'zod';
import { loadNativePty, type NativePty } from './native-pty.ts';
import type { Command, Pty, PtyListener, Size } from './pty.ts';
import { startUnixPty } from './unix-pty.ts';
import { startWindowsPty } from './windows-pty.ts';

/** Throws when no terminal or process can be had. */
export type StartPty = (command: Command, size: Size, listener: PtyListener) => Pty;

const windowsLibrary = z.object({ spawn: z.custom<typeof spawn>((value) => typeof value === 'function') });

export function createStartPty(platform: NodeJS.Platform): StartPty {
  if (platform === 'win32') return startOnWindows;
  let native: NativePty | null = null;
  return (command, size, listener) => startUnixPty((native ??= loadNativePty()), command, size, listener);
}

function startOnWindows(command: Command, size: Size, listener: PtyListener): Pty {
  const library = windowsLibrary.parse(createRequire(import.meta.url)('@lydell/node-pty'));
  return startWindowsPty(library.spawn, command, size, listener);
}
