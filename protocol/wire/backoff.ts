/** How long to wait before a try, so that ten thousand that lost one service come back without a storm. */
const LEAST_MS = 500;
const MOST_MS = 30_000;
/** So long in good health, and the next failure counts as the first. */
export const HEALTHY_AFTER_MS = 60_000;

/** Before the nth try after a failure, from 0: full jitter below a ceiling that doubles. `random` gives 0 to 1. */
export function backoff(attempt: number, random: () => number): number {
  const ceiling = Math.min(MOST_MS, LEAST_MS * 2 ** Math.min(Math.max(0, attempt), 16));
  return Math.round(random() * ceiling);
}
