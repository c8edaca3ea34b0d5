/**
 * Places in a session's output where a terminal that saw nothing before may begin: outside any escape sequence and code point,
 * with the modes there. One is noted each 256 KiB.
 */
import { createEscapeParser, type MarkListener } from './escape-parser.ts';
import { createModes } from './modes.ts';

export const CHECKPOINT_EVERY = 256 * 1024;

export interface Checkpoint {
  readonly offset: number;
  /** Escape sequences that set the modes there. */
  readonly modes: string;
}

export interface Checkpoints {
  /** Follows the output; those below `start` are forgotten. */
  write(bytes: Uint8Array, start: number): void;
  /** The first at or after `offset`. Where there is none, in a picture of megabytes, the end itself stands in. */
  from(offset: number): Checkpoint;
  /** The last there is. */
  latest(): Checkpoint;
}

/** `marked` is told of each of the shell's marks that passes. */
export function createCheckpoints(
  every: number = CHECKPOINT_EVERY,
  marked: MarkListener = () => undefined,
): Checkpoints {
  const modes = createModes();
  const parser = createEscapeParser(modes, marked);
  let end = 0;
  let noted: Checkpoint[] = [{ offset: 0, modes: modes.restate() }];
  let next = every;

  const here = (): Checkpoint => ({ offset: end, modes: modes.restate() });
  const feed = (bytes: Uint8Array): void => {
    parser.feed(bytes);
    end += bytes.length;
  };
  return {
    write(bytes, start) {
      let rest = bytes;
      while (rest.length > 0 && end + rest.length > next) {
        const skipped = Math.max(0, next - end);
        feed(rest.subarray(0, skipped));
        rest = rest.subarray(skipped);
        if (parser.outside && !continues(rest)) {
          noted.push(here());
          next = end + every;
        } else {
          feed(rest.subarray(0, 1));
          rest = rest.subarray(1);
        }
      }
      feed(rest);
      if ((noted[0]?.offset ?? end) < start) noted = noted.filter((checkpoint) => checkpoint.offset >= start);
    },
    from: (offset) => noted.find((checkpoint) => checkpoint.offset >= offset) ?? here(),
    latest: () => noted.at(-1) ?? here(),
  };
}

/** Whether these bytes begin in the middle of a code point. */
const continues = ([first = 0]: Uint8Array): boolean => (first & 0xc0) === 0x80;
