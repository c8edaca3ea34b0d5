/** When a program is told to end: Ctrl-C, a plain kill, a terminal that is gone. */

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @param onAgain the person asks once more while it is ending */
export function endSignal(process: Pick<NodeJS.Process, 'on'>, onAgain: () => void): AbortSignal {
  const ending = new AbortController();
  const told = () => {
    if (ending.signal.aborted) onAgain();
    else ending.abort();
  };
  for (const signal of signals) process.on(signal, told);
  return ending.signal;
}
