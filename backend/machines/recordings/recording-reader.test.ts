/** The file of a recording: where it can be gone on with, and what it shows. */
import { Buffer } from 'node:buffer';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePage, MARK_BYTES, type Item, type Page } from './page.ts';
import { findEnd, readAsciicast } from './recording-reader.ts';

const mark = Buffer.alloc(MARK_BYTES, 'a mark by chance');
const START: Item = { is: 'start', at: 0, startedAt: 0, cols: 80, rows: 24 };
const outputOf = (at: number, bytes: Uint8Array): Item => ({ is: 'output', at, bytes });
const pageOf = (items: readonly Item[], end: number): Page => ({
  items,
  at: items.at(-1)?.at ?? 0,
  end,
  gaps: [],
  isLast: false,
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'webxterm-recording-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(...parts: readonly Buffer[]): Promise<string> {
  const file = path.join(folder, `${crypto.randomUUID()}.recording`);
  await writeFile(file, Buffer.concat(parts));
  return file;
}
const forged = encodePage(
  Buffer.alloc(MARK_BYTES, 'a mark that is guessed'),
  pageOf([outputOf(9, Buffer.from('x'))], 7),
);
const whole = encodePage(mark, pageOf([START, outputOf(4000, forged)], forged.length));
const next = encodePage(mark, pageOf([outputOf(5000, Buffer.from('more'))], forged.length + 4));

describe('the file of a recording', () => {
  it('ends where it was last written whole, whatever was torn behind it or printed by a shell', async () => {
    for (let torn = 0; torn < next.length; torn += 7) {
      const found = await findEnd(await fileWith(whole, next.subarray(0, torn)));
      expect(found).toMatchObject({ end: forged.length, at: 4000, isLast: false, length: whole.length, mark });
    }
    expect(await findEnd(await fileWith(whole, next))).toMatchObject({ end: forged.length + 4 });
  });

  it('has its end found though a large page was torn, and a mark lies across what is read at once', async () => {
    const large = encodePage(mark, pageOf([outputOf(6000, Buffer.alloc(700_000, 'x'))], 700_000 + forged.length + 4));
    const border = 256 * 1024 - next.length;
    for (let torn = border - MARK_BYTES; torn < border + next.length + MARK_BYTES; torn += 1) {
      const found = await findEnd(await fileWith(whole, next, large.subarray(0, torn)));
      expect(found).toMatchObject({ end: forged.length + 4, length: whole.length + next.length });
    }
  });

  it('can not be gone on with where nothing in it is whole', async () => {
    for (const bytes of [Buffer.alloc(0), mark.subarray(1), mark, whole.subarray(0, -1), Buffer.alloc(4096)])
      expect(await findEnd(await fileWith(bytes))).toBeNull();
    expect(await findEnd(path.join(folder, 'none'))).toBeNull();
  });

  it('shows what its pages hold, output of one moment as one event', async () => {
    const items = [outputOf(5, Buffer.from('a')), outputOf(5, Buffer.from('b')), outputOf(6, Buffer.from('c'))];
    const page = encodePage(mark, pageOf([START, ...items], 3));
    expect((await text(readAsciicast(await fileWith(page), page.length))).split('\n').slice(1)).toEqual([
      '[0.005,"o","ab"]',
      '[0.006,"o","c"]',
      '',
    ]);
  });

  it('that is damaged is not shown as if it were whole', async () => {
    const damaged = Buffer.from(whole);
    damaged.fill(0, 20, 40);
    const file = await fileWith(whole, damaged, next);
    await expect(text(readAsciicast(file, 2 * whole.length + next.length))).rejects.toThrow(
      `damaged at byte ${whole.length}`,
    );
  });
});
