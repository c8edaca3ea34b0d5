/** Writes that nobody waits for: what fails is logged, and the service does not end before the last of them. */
import type { Logger } from 'pino';

export interface BackgroundWrites extends AsyncDisposable {
  add(work: Promise<unknown>): void;
}

export function createBackgroundWrites(log: Pick<Logger, 'error'>): BackgroundWrites {
  const writing = new Set<Promise<unknown>>();
  return {
    add(work) {
      const done = work
        .catch((error: unknown) => log.error({ err: error }, 'what happened could not be stored'))
        .finally(() => writing.delete(done));
      writing.add(done);
    },
    async [Symbol.asyncDispose]() {
      while (writing.size > 0) await Promise.all(writing);
    },
  };
}
