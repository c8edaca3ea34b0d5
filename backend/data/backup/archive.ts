/**
 * The file of a backup: gzipped lines of JSON. The first says what it is, the last one holds the SHA-256 of all before it: a file
 * that was cut off or changed shows.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';

const FORMAT = 'webxterm-backup';
const VERSION = 1;

const manifest = z.object({
  format: z.literal(FORMAT),
  version: z.int(),
  program: z.string(),
  made_at: z.string(),
  /** The changes of the tables that were done, in order: what the rows fit. */
  changes: z.array(z.string()),
});
export type Manifest = z.infer<typeof manifest>;
const value = z.union([z.string(), z.number(), z.null()]);
const row = z.record(z.string(), value);
const line = z.union([
  z.object({ table: z.string(), rows: z.array(row) }),
  z.object({ file: z.string(), data: z.base64(), begins: z.boolean() }),
]);
/** Some rows of a table, or some bytes of a file of the data folder. */
export type Line = z.infer<typeof line>;
const seal = z.object({ sha256: z.string() });

export type ArchiveFault = 'unreadable' | 'damaged' | 'newer-format';

/** Nothing stands at `file` until all of it does, for its owner only. Rejects with EEXIST where something stands already. */
export async function writeArchive(
  file: string,
  about: Omit<Manifest, 'format' | 'version'>,
  lines: AsyncIterable<Line>,
): Promise<void> {
  const unfinished = `${file}.unfinished`;
  try {
    const output = createWriteStream(unfinished, { flags: 'wx', mode: 0o600, flush: true });
    const first: Manifest = { format: FORMAT, version: VERSION, ...about };
    await pipeline(Readable.from(sealed(first, lines)), createGzip(), output);
    await link(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function* sealed(first: Manifest, lines: AsyncIterable<Line>): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const written = (what: Manifest | Line): string => {
    const text = `${JSON.stringify(what)}\n`;
    hash.update(text);
    return text;
  };
  yield written(first);
  for await (const one of lines) yield written(one);
  yield `${JSON.stringify({ sha256: hash.digest('hex') })}\n`;
}

/** Reads all of it, and gives its first line when every other is as it was written. */
export async function verifyArchive(
  file: string,
): Promise<{ readonly ok: true; readonly manifest: Manifest } | { readonly ok: false; readonly code: ArchiveFault }> {
  const hash = createHash('sha256');
  let first: Manifest | undefined;
  let told: string | undefined;
  try {
    await readText(file, (text) => {
      const parsed: unknown = JSON.parse(text);
      const end = seal.safeParse(parsed);
      if (told !== undefined) throw new SyntaxError('there is more after the end');
      if (first === undefined) first = manifest.parse(parsed);
      else if (end.success) told = end.data.sha256;
      else line.parse(parsed);
      if (!end.success) hash.update(`${text}\n`);
    });
  } catch (error) {
    const code = faultOf(error);
    if (code === null) throw error;
    return { ok: false, code };
  }
  if (first !== undefined && first.version > VERSION) return { ok: false, code: 'newer-format' };
  if (first === undefined || told !== hash.digest('hex')) return { ok: false, code: 'damaged' };
  return { ok: true, manifest: first };
}

/** The rows and bytes of an archive that was verified. */
export async function readArchive(file: string, take: (line: Line) => Promise<void>): Promise<void> {
  await readText(file, async (text) => {
    const parsed = line.safeParse(JSON.parse(text));
    if (parsed.success) await take(parsed.data);
  });
}

async function readText(file: string, take: (text: string) => Promise<void> | void): Promise<void> {
  await pipeline(createReadStream(file), createGunzip(), async (source: AsyncIterable<Buffer>) => {
    let rest: Buffer[] = [];
    for await (const chunk of source) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        await take(Buffer.concat([...rest, chunk.subarray(from, at)]).toString());
        rest = [];
        from = at + 1;
      }
      rest.push(chunk.subarray(from));
    }
    if (Buffer.concat(rest).length > 0) throw new SyntaxError('the last line does not end');
  });
}

const coded = z.object({ code: z.string() });
/** Null: it is a bug. */
function faultOf(error: unknown): ArchiveFault | null {
  if (error instanceof SyntaxError || error instanceof z.ZodError) return 'damaged';
  const known = coded.safeParse(error);
  if (!known.success) return null;
  if (known.data.code.startsWith('Z_')) return 'damaged';
  return ['ENOENT', 'EACCES', 'EISDIR', 'EPERM', 'EIO'].includes(known.data.code) ? 'unreadable' : null;
}
