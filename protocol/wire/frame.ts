/**
 * Binary frames: a 16-byte header, then payload. Big-endian.
 *
 *   0      1 2 3         4 5 6 7        8 … 15          16 …
 *   kind   typed at      channel u32    offset u64      payload
 *
 * `offset` is the index of the first payload byte in its stream; in an ack, every byte below it is consumed.
 */
export const HEADER_BYTES = 16;
export const MAX_PAYLOAD = 64 * 1024;

const KINDS = ['output', 'input', 'output-ack', 'input-ack'] as const; // the wire's value is the index + 1
const HIGH_WORD = 2 ** 32;

interface Common {
  readonly channel: number;
  readonly offset: number;
}
export interface Output extends Common {
  readonly kind: 'output';
  readonly payload: Uint8Array;
}
/** `typedAt`: tenths of a second from `attached` to when the oldest byte was typed or confirmed, modulo 2²⁴. */
export interface Input extends Common {
  readonly kind: 'input';
  readonly typedAt: number;
  readonly payload: Uint8Array;
}
/** The producer may send below `offset + window` bytes. */
export interface OutputAck extends Common {
  readonly kind: 'output-ack';
  readonly window: number;
}
export interface InputAck extends Common {
  readonly kind: 'input-ack';
}
export type Frame = Output | Input | OutputAck | InputAck;
export interface Header extends Common {
  readonly kind: Frame['kind'];
  readonly typedAt?: number;
}

export type FrameError = 'too-short' | 'unknown-kind' | 'reserved-set' | 'wrong-length' | 'offset-out-of-range';
export type Decoded = { readonly ok: true; readonly frame: Frame } | { readonly ok: false; readonly code: FrameError };

/** The caller keeps to the limits; a frame that breaks them is a bug here, not bad input. */
export function encode(frame: Frame): Uint8Array<ArrayBuffer> {
  const payload = payloadOf(frame);
  const bytes = new Uint8Array(HEADER_BYTES + payload.length);
  putHeader(bytes, frame);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

/** Writes the header alone: for a sender that puts the payload behind it itself, without a copy between. */
export function putHeader(bytes: Uint8Array, frame: Header): void {
  const view = viewOf(bytes);
  view.setUint32(0, (KINDS.indexOf(frame.kind) + 1) * 2 ** 24 + (frame.typedAt ?? 0));
  view.setUint32(4, frame.channel);
  view.setUint32(8, Math.floor(frame.offset / HIGH_WORD));
  view.setUint32(12, frame.offset % HIGH_WORD);
}

/** `payload` is a view into `bytes`, not a copy. */
export function decode(bytes: Uint8Array): Decoded {
  if (bytes.length < HEADER_BYTES) return refuse('too-short');
  const view = viewOf(bytes);
  const kind = KINDS[view.getUint8(0) - 1];
  if (kind === undefined) return refuse('unknown-kind');
  const typedAt = view.getUint32(0) & 0x00ff_ffff;
  if (typedAt !== 0 && kind !== 'input') return refuse('reserved-set');
  const payload = bytes.subarray(HEADER_BYTES);
  if (!fits(kind, payload.length)) return refuse('wrong-length');
  const offset = view.getUint32(8) * HIGH_WORD + view.getUint32(12);
  if (!Number.isSafeInteger(offset + payload.length)) return refuse('offset-out-of-range');
  const common = { channel: view.getUint32(4), offset };
  switch (kind) {
    case 'output':
      return accept({ kind, ...common, payload });
    case 'input':
      return accept({ kind, ...common, typedAt, payload });
    case 'output-ack':
      return accept({ kind, ...common, window: view.getUint32(HEADER_BYTES) });
    case 'input-ack':
      return accept({ kind, ...common });
  }
}

/**
 * Gives an encoded frame another channel in place, without touching its payload: how a relay forwards bytes it does
 * not read. `bytes` must hold a frame that `decode` accepted.
 */
export function rechannel(bytes: Uint8Array, channel: number): void {
  viewOf(bytes).setUint32(4, channel);
}

function payloadOf(frame: Frame): Uint8Array {
  switch (frame.kind) {
    case 'output':
    case 'input':
      return frame.payload;
    case 'output-ack':
      return uint32(frame.window);
    case 'input-ack':
      return new Uint8Array();
  }
}

function fits(kind: Frame['kind'], length: number): boolean {
  switch (kind) {
    case 'output':
    case 'input':
      return length > 0 && length <= MAX_PAYLOAD;
    case 'output-ack':
      return length === 4;
    case 'input-ack':
      return length === 0;
  }
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value);
  return bytes;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const accept = (frame: Frame): Decoded => ({ ok: true, frame });
const refuse = (code: FrameError): Decoded => ({ ok: false, code });
