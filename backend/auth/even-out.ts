/** Answers that come at even times: how long the work took does not show, as long as it took less. */

export interface EvenOutParts {
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  readonly wait: (ms: number) => Promise<unknown>;
  /** Answers come at whole multiples of this after the question; 0: at once. */
  readonly everyMs: number;
}

/**
 * Of a refused pair of email and password each account's organization is told, and an older account may have cost a hash of its own:
 * who has several accounts would be known by the time alone.
 */
export function createEvenOut({ monotonic, wait, everyMs }: EvenOutParts): (startedAt: number) => Promise<void> {
  return async (startedAt) => {
    if (everyMs === 0) return;
    const taken = monotonic() - startedAt;
    await wait(Math.ceil(taken / everyMs) * everyMs - taken);
  };
}
