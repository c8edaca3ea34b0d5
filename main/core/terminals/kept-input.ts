/** What was typed and is not yet taken by the shell: kept until the agent says so, sent again after each cut, never reordered. */
import { age, type Moment } from '../../../protocol/wire/moment.ts';

/** The agent takes no more than this beyond what the PTY has taken. */
const INPUT_WINDOW = 64 * 1024;
const MOST_IN_FRAME = 8 * 1024;
/** A person who types blind, or pastes again and again into a dead link, is stopped here. */
const MOST_KEPT = 4 * 1024 * 1024;
const PREVIEW_BYTES = 200;

/** `reply`: the emulator's own answer, which is not typing. `discarded`: still counted, for it may have been taken. */
type Kind = 'typed' | 'reply' | 'discarded';
interface Entry {
  readonly bytes: Uint8Array;
  /** When it was typed, or confirmed by the person. */
  readonly at: Moment;
  readonly kind: Kind;
}
export interface Part {
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** When its oldest byte was typed. */
  readonly at: Moment;
}

export interface KeptInput {
  /** False: there is no room, nothing was kept. */
  add(bytes: Uint8Array, at: Moment, kind: 'typed' | 'reply'): boolean;
  /** The agent's answer to an attach, which is final: all below `taken` is in the PTY, the rest is to be sent again. False: it has forgotten this client. */
  attached(taken: number): boolean;
  /** All below is taken. */
  acked(taken: number): void;
  /** What to send next, as far as the agent takes it; it counts as sent. */
  next(): Part | null;
  /** Everything that is older, or all. */
  dropReplies(olderThanMs: number, now: Moment): void;
  isOlder(ms: number, now: Moment): boolean;
  /** The person confirmed it, now. */
  confirm(now: Moment): void;
  /** `final`: nothing of it is on its way, so it is gone at once; else the next attach tells what was taken before it. */
  discard(final: boolean): void;
  /** One beyond the last byte sent. */
  readonly sent: number;
  /** Bytes that were typed and are neither taken nor discarded. */
  readonly typed: number;
  /** All that is not taken. */
  readonly isEmpty: boolean;
  /** Their text, as much as a person wants to read. */
  preview(): string;
}

export function createKeptInput(): KeptInput {
  let entries: Entry[] = [];
  /** The offset of the first kept byte; null before the agent ever said. */
  let base: number | null = null;
  let sent = 0;

  const total = (): number => entries.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const drop = (count: number): void => {
    let left = count;
    while (left > 0) {
      const [first] = entries;
      if (first === undefined) return;
      if (first.bytes.length <= left) entries.shift();
      else entries[0] = { ...first, bytes: first.bytes.subarray(left) };
      left -= first.bytes.length;
    }
  };
  const acked = (taken: number): void => {
    if (base === null || taken <= base) return;
    drop(taken - base);
    base = taken;
    sent = Math.max(sent, taken);
  };
  const typed = (): Entry[] => entries.filter(({ kind }) => kind === 'typed');

  return {
    add(bytes, at, kind) {
      if (total() + bytes.length > MOST_KEPT) return false;
      entries.push({ bytes, at, kind });
      return true;
    },
    attached(taken) {
      const known = base === null || taken >= base;
      acked(taken);
      base = taken;
      sent = taken;
      entries = entries.filter(({ kind }) => kind !== 'discarded');
      return known;
    },
    acked,
    next() {
      if (base === null) return null;
      const most = Math.min(MOST_IN_FRAME, base + INPUT_WINDOW - sent);
      const part = collect(entries, sent - base, most);
      if (part === null) return null;
      const offset = sent;
      sent += part.bytes.length;
      return { ...part, offset };
    },
    dropReplies(olderThanMs, now) {
      entries = entries.filter(({ kind, at }) => kind !== 'reply' || age(at, now) <= olderThanMs);
    },
    isOlder: (ms, now) => typed().some(({ at }) => age(at, now) > ms),
    confirm(now) {
      entries = entries.map((entry) => ({ ...entry, at: now }));
    },
    discard(final) {
      entries = final ? [] : entries.map((entry) => ({ ...entry, kind: 'discarded' }));
    },
    get sent() {
      return sent;
    },
    get typed() {
      return typed().reduce((sum, { bytes }) => sum + bytes.length, 0);
    },
    get isEmpty() {
      return entries.length === 0;
    },
    preview: () => readable(typed()),
  };
}

/** The bytes from `skip` on, at most so many, out of as many entries as it takes. */
function collect(entries: readonly Entry[], skip: number, most: number): Omit<Part, 'offset'> | null {
  const parts: Uint8Array[] = [];
  let at: Moment | null = null;
  let left = most;
  let skipped = 0;
  for (const entry of entries) {
    const from = Math.max(0, skip - skipped);
    skipped += entry.bytes.length;
    if (from >= entry.bytes.length || left <= 0) continue;
    const part = entry.bytes.subarray(from, from + left);
    parts.push(part);
    at ??= entry.at;
    left -= part.length;
  }
  const [first] = parts;
  if (at === null || first === undefined) return null;
  return { at, bytes: parts.length === 1 ? first : joined(parts) };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Control characters are shown as their pictures: what a person is asked about must be seen. */
function readable(entries: readonly Entry[]): string {
  const start = joined(entries.slice(0, PREVIEW_BYTES).map(({ bytes }) => bytes.subarray(0, PREVIEW_BYTES)));
  const text = new TextDecoder().decode(start.subarray(0, PREVIEW_BYTES));
  return Array.from(text, pictured).join('');
}

function pictured(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x7f) return '\u2421';
  return code < 0x20 ? String.fromCodePoint(0x2400 + code) : character;
}
