/** When something was typed, as frames say it: in tenths of a second since an attach, modulo 2²⁴. */
import { age, type Moment } from '../../../protocol/wire/moment.ts';

const UNIT_MS = 100;
const MODULO = 2 ** 24;
/** Older than anything that may still be sent. */
const OLDEST_MS = 10 * 60_000;

/** How a frame says that its oldest byte was typed at `typed`, on an attachment of `since`. */
export function typedAt(typed: Moment, since: Moment, now: Moment): number {
  const ago = Math.min(age(typed, now), OLDEST_MS);
  const tenths = Math.floor((now.monotonic - since.monotonic - ago) / UNIT_MS);
  return ((tenths % MODULO) + MODULO) % MODULO;
}

/** The moment that a frame says, counted since `since`. */
export function momentOf(tenths: number, since: Moment, now: Moment): Moment {
  const elapsed = Math.floor((now.monotonic - since.monotonic) / UNIT_MS);
  const ago = (((elapsed - tenths) % MODULO) + MODULO) % MODULO;
  const ms = ago > MODULO / 2 ? 0 : ago * UNIT_MS;
  return { monotonic: now.monotonic - ms, wall: now.wall - ms };
}
