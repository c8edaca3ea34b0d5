/** A clock that goes when it is told to. */
import type { Moment } from '../../../protocol/wire/moment.ts';
import type { Timer } from '../acks.ts';

export interface FakeTime {
  readonly now: () => Moment;
  readonly after: Timer;
  advance(ms: number): void;
  waiting(): number;
}

export function createFakeTime(): FakeTime {
  let at = 0;
  let timers: { readonly due: number; readonly callback: () => void }[] = [];
  return {
    now: () => ({ monotonic: at, wall: 1_700_000_000_000 + at }),
    after(ms, callback) {
      const timer = { due: at + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    advance(ms) {
      const end = at + ms;
      for (;;) {
        const next = timers.filter(({ due }) => due <= end).toSorted((a, b) => a.due - b.due)[0];
        if (next === undefined) break;
        timers = timers.filter((one) => one !== next);
        at = next.due;
        next.callback();
      }
      at = end;
    },
    waiting: () => timers.length,
  };
}
