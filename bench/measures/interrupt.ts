/** From Ctrl-C to the prompt while output floods in, and what a client that does not keep up costs in memory. */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Shell, Target } from '../shell.ts';
import { total } from './memory.ts';
import { PROMPT, prepare } from './prompt.ts';

const FLOOD = 'yes 0123456789012345678901234567890123456789012345678901234567890123456789\r';
const FLOOD_MS = 3000;
/** A client that gave up waiting is worth this. */
export const NEVER_MS = 60_000;

/** Milliseconds from Ctrl-C to prompt; `bytesPerSecond` null: a client that consumes as fast as it can. */
export async function interrupt(target: Target, bytesPerSecond: number | null): Promise<number> {
  await using shell = await target.open();
  await prepare(shell);
  const prompt = watchForPrompt(shell, bytesPerSecond);
  shell.write(FLOOD);
  await pause(FLOOD_MS);
  const started = performance.now();
  prompt.arm();
  shell.write('\u0003');
  await Promise.race([prompt.seen, pause(NEVER_MS, undefined, { ref: false })]);
  return performance.now() - started;
}

/** Bytes by which the carrying processes grew while nothing was read of a flood. */
export async function growth(target: Target, ms: number): Promise<number> {
  await using shell = await target.open();
  await prepare(shell);
  const before = await total(target.pids);
  const stuck = new AbortController();
  shell.consume(() => once(stuck.signal, 'abort').then(nothing));
  shell.write(FLOOD);
  await pause(ms);
  const after = await total(target.pids);
  shell.consume(nothing);
  stuck.abort();
  shell.write('\u0003');
  return after - before;
}

const nothing = (): void => {};

interface Watch {
  readonly seen: Promise<void>;
  /** From now on a prompt counts. */
  readonly arm: () => void;
}

function watchForPrompt(shell: Shell, bytesPerSecond: number | null): Watch {
  let armed = false;
  const seen = new Promise<void>((resolve) => {
    let tail = Buffer.alloc(0);
    shell.consume(async (chunk) => {
      if (bytesPerSecond !== null) await pause((chunk.length / bytesPerSecond) * 1000);
      tail = Buffer.concat([tail, chunk]).subarray(-64);
      if (armed && tail.includes(PROMPT)) resolve();
    });
  });
  return {
    seen,
    arm: () => {
      armed = true;
    },
  };
}
