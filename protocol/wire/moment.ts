/** A moment on both clocks of one computer, so that neither sleep nor a changed wall clock hides how old something is. */
export interface Moment {
  /** Milliseconds on a clock that never goes back; it may stand still in sleep. */
  readonly monotonic: number;
  /** Milliseconds of the wall clock; it goes on in sleep, but people and time servers change it. */
  readonly wall: number;
}

/** The larger of both ages in ms. A clock that went back says nothing of an age, so it counts as old. */
export function age(then: Moment, now: Moment): number {
  const wall = now.wall - then.wall;
  return wall < 0 ? Number.POSITIVE_INFINITY : Math.max(now.monotonic - then.monotonic, wall);
}
