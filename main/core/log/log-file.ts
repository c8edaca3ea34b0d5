/** A log in a folder, bounded: a full file becomes `.1`, that one `.2`, and the oldest goes. A log that cannot be written costs nothing else. */
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface LogFile extends Disposable {
  write(line: string): void;
}
export interface LogFileOptions {
  readonly folder: string;
  readonly name: string;
  /** Of one file. */
  readonly maxBytes: number;
  /** Files kept beside the one being written. */
  readonly keep: number;
}
interface Open {
  readonly descriptor: number;
  bytes: number;
}

/** Lines are written at once and in order, so that the last one before a crash is there. */
export function openLogFile(options: LogFileOptions): LogFile {
  let file = open(options);
  return {
    write(line) {
      if (file !== null && file.bytes >= options.maxBytes) {
        closeSync(file.descriptor);
        rotate(options);
        file = open(options);
      }
      if (file !== null && !append(file, line)) {
        closeSync(file.descriptor);
        file = null;
      }
    },
    [Symbol.dispose]() {
      if (file !== null) closeSync(file.descriptor);
      file = null;
    },
  };
}

function open({ folder, name }: LogFileOptions): Open | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const descriptor = openSync(join(folder, name), 'a', 0o600);
    return { descriptor, bytes: fstatSync(descriptor).size };
  } catch {
    return null; // no place to say it
  }
}

function append(file: Open, line: string): boolean {
  try {
    file.bytes += writeSync(file.descriptor, line);
    return true;
  } catch {
    return false; // a full disk
  }
}

function rotate({ folder, name, keep }: LogFileOptions): void {
  const nth = (n: number): string => join(folder, n === 0 ? name : `${name}.${n}`);
  try {
    rmSync(nth(keep), { force: true });
    for (let n = keep - 1; n >= 0; n -= 1) renameIfThere(nth(n), nth(n + 1));
  } catch {
    // then it grows until it can be moved
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
