/** Descriptors of the agent that a new shell must not get: above all the terminals of other sessions. */
import { closeSync, openSync, readdirSync } from 'node:fs';

/**
 * On Linux the compiled part of node-pty marks descriptors from 3 on to be closed, and stops at the first free number above
 * 15: what is open behind a gap goes on to the shell. So there are no gaps while it starts one.
 */
export function withoutGaps<T>(start: () => T): T {
  const fillers: number[] = [];
  const highest = Math.max(...readdirSync('/proc/self/fd').map(Number));
  try {
    do
      fillers.push(openSync('/dev/null', 'r')); // always the lowest free number
    while ((fillers.at(-1) ?? highest) < highest);
    return start();
  } finally {
    for (const filler of fillers) closeSync(filler);
  }
}
