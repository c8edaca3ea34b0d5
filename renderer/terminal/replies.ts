/** What the emulator answered by itself, on its way to the program that asked: once, in order, or not at all. */

import { age, type Moment } from '../../protocol/wire/moment.ts';

/** The most one `reply` message carries. Characters. */
const MAX_REPLY = 4096;
/** An answer older than this is worth nothing; the program has stopped waiting. */
const STALE_MS = 5000;

interface Held {
  /** Where the bytes that asked begin. */
  readonly from: number;
  readonly answers: readonly string[];
  readonly at: Moment;
}

export interface Replies {
  /** The emulator answers a query in what is being drawn. */
  add(answer: string): void;
  /** What was added since the last call. */
  take(): readonly string[];
  /** Keeps answers until it is known whether they are ours to give. */
  hold(from: number, answers: readonly string[]): void;
  /** Held answers to queries at or above `offset` that are still young; the others are gone. */
  release(offset: number): readonly string[];
  clear(): void;
}

export function createReplies(now: () => Moment): Replies {
  let taken: string[] = [];
  let held: Held[] = [];
  return {
    add: (answer) => void taken.push(answer),
    take() {
      const answers = taken;
      taken = [];
      return answers;
    },
    hold: (from, answers) => void held.push({ from, answers, at: now() }),
    release(offset) {
      const ours = held.filter((one) => one.from >= offset && age(one.at, now()) <= STALE_MS);
      held = [];
      return ours.flatMap((one) => one.answers);
    },
    clear() {
      taken = [];
      held = [];
    },
  };
}

/** Joins answers into messages; an answer is never cut in two. */
export function messages(answers: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const answer of answers) {
    const last = joined.at(-1);
    if (last !== undefined && last.length + answer.length <= MAX_REPLY) joined[joined.length - 1] = last + answer;
    else if (answer.length <= MAX_REPLY) joined.push(answer);
  }
  return joined;
}
