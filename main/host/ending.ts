/** When a program is told to end: Ctrl-C, a plain kill, a terminal that is gone, a parent that is gone. */

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What is used of Node's process. */
interface Signalled {
  /** False: the parent is gone already. Not there without a parent that listens. */
  readonly connected?: boolean;
  on(event: (typeof signals)[number] | 'disconnect', listener: () => void): unknown;
  removeAllListeners(event: (typeof signals)[number]): unknown;
}

/** @param onAgain the person asks once more while it is ending */
export function endSignal(process: Signalled, onAgain: () => void): AbortSignal {
  const ending = new AbortController();
  const told = () => {
    if (ending.signal.aborted) onAgain();
    else ending.abort();
  };
  for (const signal of signals) {
    // A library that tidies up at a signal raises it again, which would count as being asked twice. At the exit it tidies up too.
    process.removeAllListeners(signal);
    process.on(signal, told);
  }
  process.on('disconnect', () => {
    ending.abort();
  });
  if (process.connected === false) ending.abort();
  return ending.signal;
}
