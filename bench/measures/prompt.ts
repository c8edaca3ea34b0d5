/** Waiting for text in a shell's output, across the borders of chunks. */
import type { Shell } from '../shell.ts';

const KEPT = 4096;

/** Consumes until `text` is seen; resolves with what came after it in the same chunk. */
export function until(shell: Shell, text: string, timeoutMs = 30_000): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    const timer = setTimeout(() => {
      reject(new Error(`never saw ${JSON.stringify(text)}; last: ${JSON.stringify(seen.toString().slice(-200))}`));
    }, timeoutMs);
    shell.consume((chunk) => {
      seen = Buffer.concat([seen, chunk]);
      const at = seen.indexOf(text);
      if (at < 0) {
        seen = seen.subarray(-KEPT);
        return;
      }
      clearTimeout(timer);
      resolve(seen.subarray(at + text.length));
    });
  });
}

/** What a prepared shell shows when it waits for a command. */
export const PROMPT = 'READY>';

/** Sets the prompt; it is typed in two parts, so that its own echo is not mistaken for it. */
export async function prepare(shell: Shell): Promise<void> {
  const shown = until(shell, PROMPT);
  shell.write(`PS1=REA''DY\\>; unset PROMPT_COMMAND\r`);
  await shown;
}
