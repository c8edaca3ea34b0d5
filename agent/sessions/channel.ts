/** One attachment of a session: how far its output went, how far it may go, and what is told at which byte of it. */
import type { FromAgent } from '../../protocol/wire/control.ts';

/** A message that has its place in the stream: after all bytes below `offset`. */
export interface Note {
  readonly offset: number;
  readonly message: NoteMessage;
}
type WithoutChannel<M> = M extends unknown ? Omit<M, 'channel'> : never;
type NoteMessage = WithoutChannel<Extract<FromAgent, { type: 'resized' | 'exit' }>>;

export interface Channel {
  readonly id: number;
  /** The next byte to send. */
  cursor: number;
  /** It may send the bytes below. */
  limit: number;
  readonly notes: Note[];
}

/** How many bytes may go now, of a stream that ends at `end`: up to the credit and to the next note. */
export function sendable({ cursor, limit, notes }: Channel, end: number): number {
  return Math.max(0, Math.min(end, limit, notes[0]?.offset ?? end) - cursor);
}

/** The notes whose place is reached, in order. */
export function reached(channel: Channel): FromAgent[] {
  const messages: FromAgent[] = [];
  for (let note = channel.notes[0]; note !== undefined && note.offset <= channel.cursor; note = channel.notes[0]) {
    channel.notes.shift();
    messages.push({ ...note.message, channel: channel.id });
  }
  return messages;
}
