/** How fast output arrives, every byte verified. MB/s. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Shell, Target } from '../shell.ts';
import { prepare } from './prompt.ts';

const BEGIN = 'BEGIN:';
/** Silence this long in the middle is a failure. */
const SILENCE_MS = 30_000;

/** Prints `file` in the shell, in raw mode, and checks that exactly its bytes came. */
export async function throughput(target: Target, file: string): Promise<number> {
  const content = await readFile(file);
  await using shell = await target.open();
  await prepare(shell);
  const { seconds, hash } = await receive(shell, file, content.length);
  const wanted = createHash('sha256').update(content).digest('hex');
  if (hash !== wanted) throw new Error(`${target.name}: the bytes of ${file} did not arrive as they are`);
  return content.length / 1e6 / seconds;
}

function receive(shell: Shell, file: string, length: number): Promise<{ seconds: number; hash: string }> {
  return new Promise((resolve, reject) => {
    const silence = setTimeout(() => {
      reject(new Error(`${length - left} of ${length} bytes arrived; at first: ${head.toString().slice(-200)}`));
    }, SILENCE_MS);
    const hash = createHash('sha256');
    let head = Buffer.alloc(0);
    let started = 0;
    let left = length;
    shell.consume((chunk) => {
      silence.refresh();
      let body = chunk;
      if (started === 0) {
        head = Buffer.concat([head, chunk]);
        const at = head.indexOf(BEGIN);
        if (at < 0) return;
        started = performance.now();
        body = head.subarray(at + BEGIN.length);
      }
      if (left === 0) return;
      const part = body.subarray(0, left);
      hash.update(part);
      left -= part.length;
      if (left > 0) return;
      clearTimeout(silence);
      resolve({ seconds: (performance.now() - started) / 1000, hash: hash.digest('hex') });
    });
    shell.write(`stty raw -echo; printf BEG''IN:; cat ${file}; stty sane\r`);
  });
}
