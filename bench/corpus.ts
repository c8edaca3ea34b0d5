/** The three files that throughput is measured on: short lines, lines as wide as a terminal, and text beyond ASCII. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface Sample {
  readonly name: string;
  readonly file: string;
}

/** Writes the files, `megabytes` each, into `folder`. The same bytes each time. */
export async function writeCorpus(folder: string, megabytes: number): Promise<readonly Sample[]> {
  const size = megabytes * 1_000_000;
  const kinds: readonly (readonly [string, (line: number) => string])[] = [
    ['short lines', (line) => `${line}\n`],
    ['118 columns', (line) => `${String(line).repeat(118).slice(0, 117)}\n`],
    ['UTF-8', (line) => `${line} 日本語 çédille 🚀 Ελληνικά ${line}\n`],
  ];
  return Promise.all(
    kinds.map(async ([name, toLine]) => {
      const file = path.join(folder, `${name.replaceAll(' ', '-')}.txt`);
      await writeFile(file, text(size, toLine));
      return { name, file };
    }),
  );
}

function text(size: number, toLine: (line: number) => string): Buffer {
  const lines: string[] = [];
  for (let line = 1, length = 0; length < size; line += 1) {
    const next = toLine(line);
    lines.push(next);
    length += Buffer.byteLength(next);
  }
  return Buffer.from(lines.join(''));
}
