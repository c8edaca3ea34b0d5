/**
 * A page of a recording as its file has it: a head that says what is in it, then the bytes of its output as they came.
 *
 *   mark (16 bytes) │ length of the head (4 bytes) │ head (JSON) │ output
 *
 * The mark is made by chance for each file and shown to nobody, so no shell can print it: in a torn file the last page is found from the end.
 */
import { Buffer } from 'node:buffer';
import { z } from 'zod';
import { gap, gaps } from './gap.ts';

export const MARK_BYTES = 16;
/** What is before the head. */
export const PREFIX_BYTES = MARK_BYTES + 4;

/** Milliseconds since the recording began; never less than in the item before. */
const at = z.int().min(0);
const size = { cols: z.int(), rows: z.int() };
const event = z.discriminatedUnion('is', [
  /** `startedAt`: milliseconds of the wall clock. */
  z.object({ is: z.literal('start'), at, startedAt: z.int(), ...size }).readonly(),
  z.object({ is: z.literal('resized'), at, ...size }).readonly(),
  z.object({ is: z.literal('gap'), at, gap }).readonly(),
  z.object({ is: z.literal('end'), at }).readonly(),
]);
const span = z.object({ is: z.literal('output'), at, length: z.int().min(0) });
const place = z.object({
  at,
  /** One beyond the last byte of the page in the session's output. */
  end: z.int().min(0),
  /** All so far. */
  gaps: gaps.readonly(),
  isLast: z.boolean(),
});
const head = place.extend({ items: z.array(z.union([event, span])) }).readonly();
export type Head = z.infer<typeof head>;

export type Item = z.infer<typeof event> | { readonly is: 'output'; readonly at: number; readonly bytes: Uint8Array };
/** What is stored at once: all of it, or it is tried again. */
export interface Page extends Readonly<z.infer<typeof place>> {
  readonly items: readonly Item[];
}

export function encodePage(mark: Buffer, page: Page): Buffer {
  const text = Buffer.from(JSON.stringify({ ...page, items: listed(page.items) } satisfies Head));
  const length = Buffer.alloc(PREFIX_BYTES - MARK_BYTES);
  length.writeUInt32BE(text.length);
  const output = page.items.flatMap((item) => (item.is === 'output' ? [item.bytes] : []));
  return Buffer.concat([mark, length, text, ...output]);
}

/** Output of one moment is one span, in however many frames it came. */
function listed(items: readonly Item[]): Head['items'] {
  const list: Head['items'] = [];
  for (const item of items) {
    const last = list.at(-1);
    if (item.is !== 'output') list.push(item);
    else if (last?.is === 'output' && last.at === item.at) last.length += item.bytes.length;
    else list.push({ is: 'output', at: item.at, length: item.bytes.length });
  }
  return list;
}

/** In bytes; null: no page of this file begins so. */
export function lengthOfHead(prefix: Buffer, mark: Buffer): number | null {
  const isOurs = prefix.length === PREFIX_BYTES && prefix.subarray(0, MARK_BYTES).equals(mark);
  return isOurs ? prefix.readUInt32BE(MARK_BYTES) : null;
}

/** Null: it is none. */
export function parseHead(text: string): Head | null {
  try {
    return head.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** In bytes. */
export function lengthOfOutput({ items }: Head): number {
  return items.reduce((sum, item) => sum + (item.is === 'output' ? item.length : 0), 0);
}

/** `output`: all that follows the head. */
export function pageOf(of: Head, output: Buffer): Page {
  let from = 0;
  const items = of.items.map((item): Item => {
    if (item.is !== 'output') return item;
    const bytes = output.subarray(from, from + item.length);
    from += item.length;
    return { is: 'output', at: item.at, bytes };
  });
  return { ...of, items };
}
