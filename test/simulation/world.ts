/** One simulated world: its time, its chance, what is still to happen in it, and what went wrong. */
import { type Random, seededRandom } from './random.ts';

export interface Failure {
  readonly invariant: string;
  readonly text: string;
  readonly at: number;
}

export interface World {
  /** Milliseconds since it began. */
  readonly now: number;
  readonly random: Random;
  readonly failures: readonly Failure[];
  readonly trace: readonly string[];
  /** Messages are lost on their way, as on a bus between two nodes of a service. */
  readonly lossy: boolean;
  at(time: number, act: () => void): void;
  after(delay: number, act: () => void): void;
  run(until: number): void;
  fail(invariant: string, text: string): void;
  log(text: string): void;
}

const MOST_EVENTS = 3_000_000;

interface Happening {
  readonly time: number;
  readonly turn: number;
  readonly act: () => void;
}

export function createWorld(seed: number, { lossy, traced }: { lossy: boolean; traced: boolean }): World {
  const failures: Failure[] = [];
  const trace: string[] = [];
  const heap: Happening[] = [];
  let now = 0;
  let turns = 0;

  const log = (text: string): void => {
    if (traced) trace.push(`${(now / 1000).toFixed(3).padStart(9)}  ${text}`);
  };
  const at = (time: number, act: () => void): void => {
    turns += 1;
    push(heap, { time: Math.max(time, now), turn: turns, act });
  };
  const fail = (invariant: string, text: string): void => {
    if (failures.some((known) => known.invariant === invariant)) return;
    failures.push({ invariant, text, at: now });
    log(`BROKEN ${invariant}: ${text}`);
  };
  return {
    get now() {
      return now;
    },
    random: seededRandom(seed ^ 0x5bd1_e995),
    failures,
    trace,
    lossy,
    at,
    after: (delay, act) => at(now + delay, act),
    run(until) {
      for (let events = 0; heap[0] !== undefined && heap[0].time <= until; events += 1) {
        if (events > MOST_EVENTS) return fail('runaway', 'too many events');
        const next = pop(heap);
        now = next.time;
        next.act();
      }
      now = until;
    },
    fail,
    log,
  };
}

const before = (a: Happening, b: Happening): boolean => a.time < b.time || (a.time === b.time && a.turn < b.turn);

function push(heap: Happening[], happening: Happening): void {
  let index = heap.length;
  heap.push(happening);
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || before(parent, happening)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = happening;
}

function pop(heap: Happening[]): Happening {
  const top = heap[0];
  const last = heap.pop();
  if (top === undefined || last === undefined) throw new RangeError('Nothing is to happen.');
  if (heap.length > 0) sink(heap, last);
  return top;
}

function sink(heap: Happening[], happening: Happening): void {
  let index = 0;
  for (;;) {
    const below = smallerBelow(heap, index);
    const child = heap[below];
    if (child === undefined || before(happening, child)) break;
    heap[index] = child;
    index = below;
  }
  heap[index] = happening;
}

function smallerBelow(heap: readonly Happening[], index: number): number {
  const left = 2 * index + 1;
  const [a, b] = [heap[left], heap[left + 1]];
  return a !== undefined && b !== undefined && before(b, a) ? left + 1 : left;
}
