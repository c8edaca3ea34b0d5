/** Every byte that is typed on one device, and what became of it. A byte's value tells its place, and the device it was typed on. */
import type { World } from './world.ts';

/**
 * What was given up may still come, or not; what is typed after that has other values, so that the two are not confused.
 * A device has a few such sets, in turn.
 */
const VALUES = 20;
const SETS = 5;
/** Below are the answers of the emulator. */
const LOWEST = 48;
const STALE_MS = 5000;
/** Beyond the 5 s an age is judged by: what it takes from there to the shell. */
const SLACK_MS = 2500;

/** `lost`: the program died while it kept it, so it may have been taken or not. `maybe`: discarded while it may have been on its way. */
type Fate = 'kept' | 'taken' | 'discarded' | 'lost' | 'maybe';
interface Typed {
  readonly value: number;
  readonly at: number;
  confirmedAt: number;
  fate: Fate;
}

export interface Typist {
  readonly base: number;
  /** The bytes of `count` keystrokes, typed now. */
  type(count: number): Uint8Array;
  /** The shell reads a byte of this device, after it read nothing at all for a while. */
  taken(value: number, sleptMs: number): void;
  confirmed(): void;
  discarded(final: boolean): void;
  programDied(): void;
  /** Typed, and neither taken nor given up. */
  readonly open: number;
}

export function createTypist(world: World, name: string, base: number): Typist {
  const typed: Typed[] = [];
  let set = 0;
  /** The first that was not yet taken or passed over. */
  let next = 0;

  const change = (from: Fate, to: Fate): void => {
    set = (set + 1) % SETS;
    for (const each of typed.slice(next)) if (each.fate === from) each.fate = to;
  };
  const judge = (each: Typed, index: number, sleptMs: number): void => {
    each.fate = 'taken';
    const waited = world.now - Math.max(each.at, each.confirmedAt);
    if (waited > STALE_MS + SLACK_MS + sleptMs)
      world.fail(
        'stale-executed',
        `${name}: byte ${index} reaches the shell ${(waited / 1000).toFixed(1)} s late, unasked`,
      );
  };
  return {
    base,
    type(count) {
      return Uint8Array.from({ length: count }, () => {
        const value = base + set * VALUES + (typed.length % VALUES);
        typed.push({ value, at: world.now, confirmedAt: Number.NEGATIVE_INFINITY, fate: 'kept' });
        return value;
      });
    },
    taken(value, sleptMs) {
      for (let index = next; index < typed.length; index += 1) {
        const each = typed[index];
        if (each === undefined || each.fate === 'discarded') continue;
        if (value === each.value) {
          next = index + 1;
          return judge(each, index, sleptMs);
        }
        if (each.fate === 'kept')
          return world.fail('input-wrong', `${name}: the shell reads ${value} where byte ${index} was to come`);
      }
      world.fail(
        'input-wrong',
        `${name}: the shell reads ${value}, which was not typed, or was read before or discarded`,
      );
    },
    confirmed() {
      for (const each of typed.slice(next)) each.confirmedAt = world.now;
    },
    discarded: (final) => change('kept', final ? 'discarded' : 'maybe'),
    programDied: () => change('kept', 'lost'),
    get open() {
      return typed.slice(next).filter((each) => each.fate === 'kept').length;
    },
  };
}

export function baseOf(device: number): number {
  return LOWEST + device * VALUES * SETS;
}
export function isTyped(value: number): boolean {
  return value >= LOWEST;
}
export function deviceOf(value: number): number {
  return Math.floor((value - LOWEST) / (VALUES * SETS));
}
