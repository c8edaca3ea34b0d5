/** How soon to ask again after a refusal: at once the first time, then more and more slowly while refusals follow each other. */
const CALM_AFTER_MS = 10_000;
const FIRST_MS = 500;
const MOST_MS = 8000;

export interface Patience {
  /** Refused now; gives when to ask again. */
  refused(now: number): number;
}

export function createPatience(): Patience {
  let last = Number.NEGATIVE_INFINITY;
  let inRow = 0;
  return {
    refused(now) {
      inRow = now - last > CALM_AFTER_MS ? 0 : inRow + 1;
      last = now;
      return inRow === 0 ? now : now + Math.min(MOST_MS, FIRST_MS * 2 ** (inRow - 1));
    },
  };
}
