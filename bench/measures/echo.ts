/** From a key to its echo, one key at a time. Milliseconds. */
import type { Shell, Target } from '../shell.ts';
import { prepare, until } from './prompt.ts';

/** As many go before: a shell somebody works in is not one whose code runs for the first time. */
const WARM_UP = 400;
const KEYS = 400;
const PAUSE_MS = 8;

export interface Echo {
  readonly median: number;
  readonly p99: number;
}

export async function echo(target: Target): Promise<Echo> {
  await using shell = await target.open();
  await prepare(shell);
  const ready = until(shell, 'GO');
  shell.write(`stty raw -echo; printf G''O; exec cat\r`);
  await ready;
  const times: number[] = [];
  for (let i = 0; i < WARM_UP + KEYS; i += 1) {
    times.push(await oneKey(shell));
    await pause(PAUSE_MS);
  }
  const sorted = times.slice(WARM_UP).toSorted((a, b) => a - b);
  return { median: sorted[Math.floor(KEYS / 2)] ?? Number.NaN, p99: sorted[Math.floor(KEYS * 0.99)] ?? Number.NaN };
}

function oneKey(shell: Shell): Promise<number> {
  return new Promise((resolve) => {
    const started = performance.now();
    shell.consume(() => {
      resolve(performance.now() - started);
    });
    shell.write('x');
  });
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
