/** Reads the one file of a multipart/form-data body into memory: no more of it than the row takes, and few at a time. */
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import type { Refusal, UploadedFile } from '../../protocol/api/row.ts';

export type Upload =
  | { readonly ok: true; readonly file: UploadedFile }
  /** `isCut`: the rest of the body was left unread, so the connection is of no use any more. */
  | { readonly ok: false; readonly refuse: Refusal; readonly isCut: boolean };
export interface Uploads {
  /** `account`: who sends it. */
  read(asked: Asked & { readonly account: string }): Promise<Upload>;
}
interface Asked {
  readonly body: Readable;
  readonly contentType: string;
  /** Null: it was not told. */
  readonly contentLength: number | null;
  readonly maxBytes: number;
}

/** The one field there is. */
const FIELD = 'file';
/** Boundaries and headers of the parts. Bytes. */
export const AROUND_A_FILE = 64 * 1024;
const PART_HEADERS = { headerPairs: 32, headerSize: 8 * 1024 };
/** Files in memory at once, of everybody and of one account. */
const MOST = 32;
const MOST_OF_ONE = 4;

export function createUploads(): Uploads {
  const reading = new Map<string, number>();
  let count = 0;
  return {
    async read({ account, ...asked }) {
      const own = reading.get(account) ?? 0;
      if (count >= MOST || own >= MOST_OF_ONE) return cut({ code: 'slow-down', retryAfterS: 1 });
      count += 1;
      reading.set(account, own + 1);
      try {
        return await readUpload(asked);
      } finally {
        count -= 1;
        const left = (reading.get(account) ?? 1) - 1;
        if (left === 0) reading.delete(account);
        else reading.set(account, left);
      }
    },
  };
}

const cut = (refuse: Refusal): Upload => ({ ok: false, refuse, isCut: true });

/** A body a little too large is read to its end, though not kept: then its sender surely hears why it is refused. */
export async function readUpload({ body, contentType, contentLength, maxBytes }: Asked): Promise<Upload> {
  const mostBytes = 2 * maxBytes + AROUND_A_FILE;
  if (contentLength !== null && contentLength > mostBytes) return cut({ code: 'too-large' });
  const form = createForm(contentType, maxBytes);
  if (!form) return cut({ code: 'upload-malformed' });
  let length = 0;
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) throw new Error('the body is no bytes');
      length += chunk.length;
      if (length > mostBytes) return cut({ code: 'too-large' });
      await form.write(chunk);
    }
  } catch {
    return cut({ code: 'upload-malformed' }); // it broke off: nobody waits for this answer
  }
  const end = await form.end();
  return 'bytes' in end ? { ok: true, file: end } : { ok: false, refuse: end, isCut: false };
}

interface Form {
  write(chunk: Buffer): Promise<void>;
  end(): Promise<UploadedFile | Refusal>;
}

/** Null: the type names no boundary. The first thing that is wrong counts; what comes after it is not looked at. */
function createForm(contentType: string, maxBytes: number): Form | null {
  const busboy = openBusboy(contentType, maxBytes);
  if (!busboy) return null;
  const chunks: Buffer[] = [];
  const seen: { isFound: boolean; fault: Refusal | null } = { isFound: false, fault: null };
  const wrong = (refusal: Refusal): void => {
    seen.fault ??= refusal;
    chunks.length = 0;
  };
  const take = (name: string | undefined, stream: BusboyFileStream): void => {
    if (name !== FIELD) wrong(unknownField(name));
    if (seen.isFound) wrong({ code: 'several-files' });
    seen.isFound = true;
    stream.on('data', (chunk: Buffer) => (seen.fault ? undefined : chunks.push(chunk)));
    stream.on('limit', () => wrong({ code: 'too-large' }));
    stream.on('error', () => wrong({ code: 'upload-malformed' }));
  };
  busboy.on('file', take);
  busboy.on('field', (name) => wrong(unknownField(name)));
  const outcome = (): UploadedFile | Refusal =>
    seen.fault ?? (seen.isFound ? { bytes: Buffer.concat(chunks) } : { code: 'file-missing' });
  const finished = new Promise<void>((resolve) => {
    busboy.on('finish', resolve);
    busboy.on('error', () => {
      wrong({ code: 'upload-malformed' });
      resolve();
    });
  });
  return {
    async write(chunk) {
      if (!seen.fault && !busboy.write(chunk)) await Promise.race([once(busboy, 'drain'), finished]);
    },
    async end() {
      if (!seen.fault) {
        busboy.end();
        await finished;
      }
      return outcome();
    },
  };
}

function openBusboy(contentType: string, maxBytes: number) {
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits: { fileSize: maxBytes, ...PART_HEADERS } });
  } catch {
    return null;
  }
}

function unknownField(name: string | undefined): Refusal {
  const message = name === FIELD ? 'must be a file' : 'is no field of this upload';
  return { code: 'invalid-fields', fields: [{ path: (name ?? '').slice(0, 100), message }] };
}
