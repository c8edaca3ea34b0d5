/** When waiting output goes: at once for an echo, in large frames for a flood. Monotonic milliseconds. */
const LARGE = 64 * 1024;
const QUIET_MS = 3;
const GATHER_MS = 2;

export interface Waiting {
  readonly bytes: number;
  /** Since when the first of them waits. */
  readonly since: number;
  /** When output of this channel went before. */
  readonly lastSent: number;
}

export function dueAt({ bytes, since, lastSent }: Waiting): number {
  return bytes >= LARGE || since - lastSent > QUIET_MS ? since : since + GATHER_MS;
}
