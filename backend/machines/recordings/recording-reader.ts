/** The file of a recording, read: how far it goes, and what it shows. */
import { Buffer } from 'node:buffer';
import { open, type FileHandle } from 'node:fs/promises';
import { createAsciicast } from './asciicast.ts';
import {
  lengthOfHead,
  lengthOfOutput,
  MARK_BYTES,
  pageOf,
  parseHead,
  PREFIX_BYTES,
  type Head,
  type Page,
} from './page.ts';
import { codeOf } from './recording-file.ts';

/** Where a file can be gone on with. */
export interface Found extends Pick<Head, 'at' | 'end' | 'gaps' | 'isLast'> {
  readonly mark: Buffer;
  /** So much of the file is whole: what is behind was not written to its end. */
  readonly length: number;
}
interface Located {
  readonly head: Head;
  /** Where in the file its output begins, and where it ends. */
  readonly from: number;
  readonly to: number;
}

const READ_AT_ONCE = 256 * 1024;

/** Null: there is none, or nothing in it that can be gone on with. */
export async function findEnd(file: string): Promise<Found | null> {
  await using handle = await openToRead(file);
  if (!handle) return null;
  const mark = await readAt(handle, 0, MARK_BYTES);
  const { size } = await handle.stat();
  if (!(await locate(handle, mark, 0, size))) return null;
  for await (const position of marksFromEnd(handle, mark, size)) {
    const page = await locate(handle, mark, position, size);
    if (page) return { ...page.head, mark, length: page.to };
  }
  return null;
}

/** The first `length` bytes of a file, which are whole, as players read them. */
export async function* readAsciicast(file: string, length: number): AsyncGenerator<string> {
  await using handle = await open(file, 'r');
  const cast = createAsciicast();
  for await (const { items } of readPages(handle, length)) yield cast.encode(items);
}

async function* readPages(handle: FileHandle, length: number): AsyncGenerator<Page> {
  const mark = await readAt(handle, 0, MARK_BYTES);
  for (let position = 0; position < length;) {
    const page = await locate(handle, mark, position, length);
    if (!page) throw new Error(`a recording is damaged at byte ${position}`);
    yield pageOf(page.head, await readAt(handle, page.from, page.to - page.from));
    position = page.to;
  }
}

/** Null: there is no whole page in the file there. */
async function locate(handle: FileHandle, mark: Buffer, position: number, size: number): Promise<Located | null> {
  const headAt = position + PREFIX_BYTES;
  const headLength = lengthOfHead(await readAt(handle, position, PREFIX_BYTES), mark);
  if (headLength === null || headAt + headLength > size) return null;
  const from = headAt + headLength;
  const head = parseHead((await readAt(handle, headAt, headLength)).toString());
  if (!head) return null;
  const to = from + lengthOfOutput(head);
  return to <= size ? { head, from, to } : null;
}

/** Where pages may begin, the last one first. */
async function* marksFromEnd(handle: FileHandle, mark: Buffer, size: number): AsyncGenerator<number> {
  for (let to = size; to > 0; to -= READ_AT_ONCE) {
    const from = Math.max(0, to - READ_AT_ONCE);
    const bytes = await readAt(handle, from, to - from + MARK_BYTES - 1);
    for (let at = bytes.lastIndexOf(mark); at >= 0; at = at > 0 ? bytes.lastIndexOf(mark, at - 1) : -1) yield from + at;
  }
}

/** Null: there is none. */
async function openToRead(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
