/** Many changes in a short while become one telling. */

/**
 * Gives what asks for `run`: it happens at once when nothing happened for `ms`, else once when they are over. After the
 * signal it happens no more.
 */
export function coalesced(run: () => void, ms: number, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | null = null;
  let asked = false;
  const go = (): void => {
    asked = false;
    timer = setTimeout(() => {
      timer = null;
      if (asked) go();
    }, ms);
    run();
  };
  signal.addEventListener(
    'abort',
    () => {
      if (timer !== null) clearTimeout(timer);
    },
    { once: true },
  );
  return () => {
    if (signal.aborted) return;
    asked = true;
    if (timer === null) go();
  };
}
