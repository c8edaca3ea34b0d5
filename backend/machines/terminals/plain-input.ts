/**
 * What a plain client typed, until the shell took it: numbered, kept for a cut of the agent's link, and forgotten rather
 * than executed late.
 */
import { MAX_PAYLOAD } from '../../../protocol/wire/frame.ts';

/** What the agent takes without an ack. */
export const INPUT_WINDOW = 64 * 1024;
/** Older than this, what was typed before a cut is not what the person wants now. */
const STALE_MS = 5000;

export interface PlainInput {
  /** More than the agent takes at once: read no more of the socket for now. */
  readonly isFull: boolean;
  typed(bytes: Uint8Array, now: number): void;
  /** The shell took every byte below this. */
  acked(offset: number): void;
  /** A new attachment: the shell has all below `offset` and none above it. */
  attached(offset: number, now: number): void;
  detached(): void;
  /** The next frame that may be sent. */
  next(): { readonly offset: number; readonly payload: Uint8Array } | null;
}

interface Chunk {
  readonly bytes: Uint8Array;
  readonly typedAt: number;
}

export function createPlainInput(): PlainInput {
  /** Everything from `base` on, in order. */
  let kept: Chunk[] = [];
  let base = 0;
  let sent = 0;
  let isAttached = false;

  const size = (): number => kept.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const dropBelow = (offset: number): void => {
    while (kept[0] && base + kept[0].bytes.length <= offset) base += kept.shift()?.bytes.length ?? 0;
    const [first] = kept;
    if (!first || offset <= base) return;
    kept[0] = { ...first, bytes: first.bytes.subarray(offset - base) };
    base = offset;
  };
  return {
    get isFull() {
      return size() > INPUT_WINDOW;
    },
    typed(bytes, now) {
      if (bytes.length > 0) kept.push({ bytes, typedAt: now });
    },
    acked: dropBelow,
    attached(offset, now) {
      dropBelow(offset);
      if (kept[0] && now - kept[0].typedAt > STALE_MS) kept = [];
      base = offset;
      sent = offset;
      isAttached = true;
    },
    detached() {
      isAttached = false;
    },
    next() {
      if (!isAttached) return null;
      let at = base;
      for (const { bytes } of kept) {
        if (sent < at + bytes.length) {
          const payload = bytes.subarray(sent - at).subarray(0, Math.min(MAX_PAYLOAD, base + INPUT_WINDOW - sent));
          if (payload.length === 0) return null;
          const offset = sent;
          sent += payload.length;
          return { offset, payload };
        }
        at += bytes.length;
      }
      return null;
    },
  };
}
