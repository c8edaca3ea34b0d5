/** What a recording lacks: from which byte to which, at which seconds, and why. */
import { z } from 'zod';

/**
 * `overwritten`: nobody took it in time, and the machine kept no more of it; `disk-…`: it could not be stored here;
 * `not-received`: the session was over before it came.
 */
export const gapReason = z.enum(['overwritten', 'disk-full', 'disk-failed', 'disk-slow', 'not-received']);
export type GapReason = z.infer<typeof gapReason>;

const offset = z.int().min(0);
const seconds = z.number().min(0);
export const gap = z.object({
  from: offset,
  /** One beyond the last byte of it; null: nobody knows how much there was. */
  to: offset.nullable(),
  /** Since the recording began. */
  from_s: seconds,
  to_s: seconds,
  reason: gapReason,
});
export type Gap = z.infer<typeof gap>;
export const gaps = z.array(gap);

const BECAUSE: Readonly<Record<GapReason, string>> = {
  overwritten: 'it was overwritten before it was received',
  'disk-full': 'the disk was full',
  'disk-failed': 'the disk failed',
  'disk-slow': 'the disk was too slow',
  'not-received': 'the session was over before it was received',
};

/** For people: in the recording, and in the audit. */
export function sayGap({ from, to, from_s, to_s, reason }: Gap): string {
  const what = to === null ? 'An unknown part' : `${to - from} bytes`;
  return `${what} of the output from ${from_s} s to ${to_s} s missing: ${BECAUSE[reason]}`;
}
