/** Output frames as a client gets them: nothing below what it has already, and on its only channel. */
import { encode, type Output, rechannel } from '../../../protocol/wire/frame.ts';

/**
 * The frame for a client that lacks the bytes from `position` on; null when it has them all. `bytes` hold the frame and are
 * changed in place: only a frame of which the client has a part is copied.
 */
export function trimTo(position: number, { offset, payload }: Output, bytes: Uint8Array): Uint8Array | null {
  if (offset + payload.length <= position) return null;
  if (offset < position)
    return encode({ kind: 'output', channel: 0, offset: position, payload: payload.subarray(position - offset) });
  rechannel(bytes, 0);
  return bytes;
}
