/** Credit: how far a producer may go, and what a consumer grants. Offsets count bytes of one stream. */
import { NO_LIMIT } from './control.ts';

/** What one consumer grants: all below `consumed + window`. */
export interface Grant {
  readonly consumed: number;
  readonly window: number;
}

/** The offset below which the producer may send; Infinity where nobody limits it. */
export function limitOf({ consumed, window }: Grant): number {
  return window === NO_LIMIT ? Number.POSITIVE_INFINITY : consumed + window;
}

/** The slowest holder decides; without holders nothing does. */
export function lowestLimit(holders: readonly Grant[]): number {
  return holders.reduce((lowest, holder) => Math.min(lowest, limitOf(holder)), Number.POSITIVE_INFINITY);
}

/** The window that states `limit` beside `consumed` in an ack: never below zero. */
export function windowTo(limit: number, consumed: number): number {
  return Number.isFinite(limit) ? Math.min(NO_LIMIT - 1, Math.max(0, limit - consumed)) : NO_LIMIT;
}

export interface Path {
  readonly bytesPerMs: number;
  readonly leastRoundTripMs: number;
}
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** What may wait in a queue of its own beside what is under way: the delay that a flood may add to a keystroke. */
const QUEUE_MS = 50;

/** How many bytes may be out at once so that this path is never idle and yet no queue grows beyond 50 ms. */
export function bytesOut({ bytesPerMs, leastRoundTripMs }: Path, { least, most }: Bounds): number {
  return Math.round(Math.min(most, Math.max(least, bytesPerMs * (leastRoundTripMs + QUEUE_MS))));
}
