/** Whether the other end is still there: pings go out, and any byte that comes is life. */
import type { Moment } from '../../protocol/wire/moment.ts';

export interface LivenessLimits {
  readonly pingMs: number;
  readonly silentMs: number;
  /** How long the other end has to answer after this computer slept. */
  readonly wakeMs: number;
}
export const LIVENESS: LivenessLimits = { pingMs: 15_000, silentMs: 45_000, wakeMs: 5_000 };

interface LivenessParts {
  readonly limits: LivenessLimits;
  readonly moment: () => Moment;
  /** Of the socket; it grows with every byte, whatever it means. */
  readonly bytesRead: () => number;
  readonly ping: () => void;
  /** Silent for too long: the link is to be cut. */
  readonly dead: () => void;
}

/** A wall clock that ran so much further than the other one has slept or been set. Milliseconds. */
const JUMP_MS = 10_000;

/** Runs until the signal. */
export function watchLiveness(parts: LivenessParts, signal: AbortSignal): void {
  const { limits, moment } = parts;
  let last = { at: moment(), bytes: parts.bytesRead() };
  let heardAt = last.at.monotonic;
  let wake: NodeJS.Timeout | undefined;

  const look = () => {
    const now = { at: moment(), bytes: parts.bytesRead() };
    if (now.bytes !== last.bytes) heardAt = now.at.monotonic;
    const slept = jumped(last.at, now.at);
    last = now;
    if (now.at.monotonic - heardAt >= limits.silentMs) {
      parts.dead();
      return;
    }
    parts.ping();
    if (slept) wake ??= setTimeout(() => afterWake(now.bytes), limits.wakeMs);
  };
  const afterWake = (bytes: number) => {
    wake = undefined;
    if (parts.bytesRead() === bytes) parts.dead();
  };
  const timer = setInterval(look, limits.pingMs);
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    clearTimeout(wake);
  });
}

/** Whether this computer slept between the two, by the clock that goes on in sleep. */
export function jumped(before: Moment, now: Moment): boolean {
  return now.wall - before.wall - (now.monotonic - before.monotonic) > JUMP_MS;
}
