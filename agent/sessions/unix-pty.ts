/** A pseudo-terminal on Linux and macOS, read and written without losing or inventing a byte. */
import { once } from 'node:events';
import { readSync, writeSync } from 'node:fs';
import type { OnReadOpts } from 'node:net';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReadStream } from 'node:tty';
import type { NativePty } from './native-pty.ts';
import type { Command, Ended, Pty, PtyListener, Size } from './pty.ts';
import { DYING_MS, killGroups, signalGroup } from './process-groups.ts';

/** All terminals share it: it is read into and handed on within one call. */
const readBuffer = Buffer.allocUnsafe(64 * 1024);
/** A terminal gives about so much at a time: with more there at once, a program floods. Bytes. */
const FULL_READ = 4095;
/** What a kernel holds for one terminal is far less; a job in the background that goes on writing ends here. Bytes. */
const MOST_AFTER_EXIT = 1024 * 1024;
/** No event tells that a terminal takes input again, so it is tried: soon at first, then less often. Milliseconds. */
const FIRST_RETRY_MS = 2;
const LAST_RETRY_MS = 64;

/** Throws when no terminal or process can be had. */
export function startUnixPty(native: NativePty, command: Command, size: Size, listener: PtyListener): Pty {
  const over = new AbortController();
  const retry = createRetry(listener.writable);
  const { fd, pid } = native.fork({ ...command, ...size, onExit });
  const stream = openReader(fd, (bytes) => {
    listener.output(bytes);
    retry.now(); // a program that writes is likely to read as well
  });

  function onExit(exitCode: number, signal: number): void {
    retry.stop();
    if (!stream.destroyed) drain(fd, listener.output);
    stream.destroy();
    listener.exited(howItEnded(exitCode, signal));
    over.abort();
  }

  return {
    pid,
    write: (bytes) => {
      if (stream.destroyed) return bytes.length; // nobody will ever read it
      const taken = writeWithoutWaiting(fd, bytes);
      if (taken < bytes.length) retry.later();
      else retry.reset();
      return taken;
    },
    pause: () => {
      stream.pause();
    },
    resume: () => {
      if (!stream.destroyed) stream.resume();
    },
    resize: ({ cols, rows }) => {
      if (!stream.destroyed) native.resize(fd, cols, rows);
    },
    hangUp: async (graceMs) => {
      if (over.signal.aborted) return;
      const ended = once(over.signal, 'abort');
      signalGroup(pid, 'SIGHUP');
      signalGroup(pid, 'SIGCONT'); // a stopped program acts on the hang-up only when it goes on
      const isOver = await sleep(graceMs, false, { signal: over.signal }).catch(() => true);
      if (isOver) return;
      await killGroups(pid);
      stream.destroy(); // with the terminal the kernel hangs up, also what is root's and may not be signalled
      // a shell that became root and ignores its hang-up is not waited for
      await Promise.race([ended, sleep(DYING_MS, undefined, { ref: false })]);
    },
  };
}

/** Reads into the shared buffer, without an allocation for each chunk; a flood fills it before it is handed on. */
function openReader(fd: number, output: (bytes: Uint8Array) => void): ReadStream {
  const onread: OnReadOpts = {
    buffer: readBuffer,
    callback: (count) => {
      output(readBuffer.subarray(0, readOn(fd, count)));
      return true;
    },
  };
  const options = { readable: true, onread }; // of net.Socket, which a terminal's stream is
  const stream = new ReadStream(fd, options);
  stream.on('error', () => undefined); // EIO: the last program let go of the terminal; the exit tells the rest
  // libuv takes a hang-up with less than a full buffer as the end, though the kernel may hold more.
  stream.prependListener('end', () => {
    drain(fd, output);
  });
  return stream.resume();
}

/** `count`: in the buffer already. Gives how much is in it when it is full, or the kernel has no more for now. */
function readOn(fd: number, count: number): number {
  let filled = count;
  for (let last = count; last >= FULL_READ && filled < readBuffer.length; filled += last)
    last = readWithoutWaiting(fd, filled);
  return filled;
}

/**
 * Reads what the kernel still holds. Nobody will write more: the program has ended, or nobody has the terminal open. It is
 * told at once, credit or not: less than 100 KiB, and nothing could keep it once the terminal is closed.
 */
function drain(fd: number, output: (bytes: Uint8Array) => void): void {
  for (let total = 0; total < MOST_AFTER_EXIT;) {
    const count = readWithoutWaiting(fd, 0);
    if (count === 0) return;
    output(readBuffer.subarray(0, count));
    total += count;
  }
}

/** Into the buffer, behind `from`. 0 when there is nothing now, or never again. */
function readWithoutWaiting(fd: number, from: number): number {
  try {
    return readSync(fd, readBuffer, from, readBuffer.length - from, null);
  } catch {
    return 0;
  }
}

/** The descriptor does not block: what the terminal cannot hold is not taken. */
function writeWithoutWaiting(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    const full = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
    return full ? 0 : bytes.length; // any other error: the other end is gone, and nobody will ever read it
  }
}

function createRetry(attempt: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let waitMs = FIRST_RETRY_MS;
  const reset = () => {
    waitMs = FIRST_RETRY_MS;
  };
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    reset,
    stop,
    later: () => {
      if (timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        attempt();
      }, waitMs);
      waitMs = Math.min(waitMs * 2, LAST_RETRY_MS);
    },
    /** Tries at once when something waits. */
    now: () => {
      if (timer === undefined) return;
      stop();
      reset();
      attempt();
    },
  };
}

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

function howItEnded(exitCode: number, signal: number): Ended {
  return signal === 0
    ? { exitCode, signal: null }
    : { exitCode: null, signal: signalNames.get(signal) ?? `SIG${signal}` };
}
