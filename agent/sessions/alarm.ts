/** One timer for a deadline that moves. */

export interface Alarm {
  /** On the clock's scale; Infinity for none. */
  readonly set: (deadline: number) => void;
  readonly stop: () => void;
}

/** Rings at the earliest deadline it was given. One that rings before it is time finds nothing due, and is set again. */
export function createAlarm(now: () => number, ring: () => void): Alarm {
  let armed: { readonly deadline: number; readonly timer: NodeJS.Timeout } | null = null;
  const stop = () => {
    if (armed !== null) clearTimeout(armed.timer);
    armed = null;
  };
  return {
    stop,
    set: (deadline) => {
      if (armed !== null && armed.deadline <= deadline) return;
      stop();
      if (!Number.isFinite(deadline)) return;
      const wait = Math.max(0, Math.ceil(deadline - now())); // rounded down, it would ring just before
      const timer = setTimeout(() => {
        armed = null;
        ring();
      }, wait);
      armed = { deadline, timer };
    },
  };
}
