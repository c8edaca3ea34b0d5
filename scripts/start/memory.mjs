/** What a start remembers for the next: one file in the data folder. Losing it costs a question, not data. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const memory = z.object({
  /** The server's: this computer's agent and the person's sign-in know it by that. */
  port: z.int().nullable().default(null),
  hasOrganization: z.boolean().default(false),
  /** This computer was registered once; leaving is the person's decision. */
  isRegistered: z.boolean().default(false),
  /** When Electron's binary was last asked for, in ms. */
  electronTriedAt: z.number().default(0),
  running: z.object({ pid: z.int(), address: z.url() }).nullable().default(null),
});
/** @typedef {z.infer<typeof memory>} Memory */

/**
 * @param {string} data
 * @returns {Promise<Memory>}
 */
export async function recall(data) {
  try {
    return memory.parse(JSON.parse(await readFile(file(data), 'utf8')));
  } catch {
    return memory.parse({});
  }
}

/**
 * @param {string} data
 * @param {Partial<Memory>} change
 */
export async function memorize(data, change) {
  const next = { ...(await recall(data)), ...change };
  const draft = `${file(data)}.new`;
  await writeFile(draft, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file(data));
}

const file = (/** @type {string} */ data) => path.join(data, 'start.json');
