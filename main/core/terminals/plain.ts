/**
 * The plain dialect, for servers that do not speak the framed one: text both ways, nothing numbered. What the window acks bounds what is
 * read; what was drawn can be drawn again by another window, but a connection that breaks takes its session with it.
 */
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import type { FromWindow, ToWindow } from '../../../protocol/bridge/terminal.ts';
import { decode, encode, MAX_PAYLOAD } from '../../../protocol/wire/frame.ts';
import { json } from '../api/refusal.ts';
import { createHistory, type History } from './history.ts';
import type { Speaker, SpokenEffect, SpokenEffects } from './speaker.ts';
import type { Wish } from './attaching.ts';

/** Kept for a window that comes later. */
const HISTORY_BYTES = 2 * 1024 * 1024;
/** Sent to the window and not yet drawn. */
const WINDOW_BYTES = 128 * 1024;
/** Typed before the connection is open. */
const MAX_EARLY_BYTES = 64 * 1024;
const NORMAL_CLOSES: readonly (number | null)[] = [1000, 1005];
const CONTROL_TYPES: readonly unknown[] = ['resize', 'input'];

const wrappedOutput = z.object({ type: z.literal('output'), output: z.string() });
const typed = z.looseObject({ type: z.unknown().optional() });

/** A window's place in the stream. */
interface Place {
  sent: number;
  acked: number;
}
interface Size {
  readonly cols: number;
  readonly rows: number;
}

export function speakPlain(wish: Pick<Wish, 'session' | 'cols' | 'rows'>): Speaker {
  const history = createHistory(HISTORY_BYTES);
  const decoder = new StringDecoder('utf8');
  let size: Size = { cols: wish.cols, rows: wish.rows };
  let open = false;
  let over = false;
  let wraps = false;
  let held = false;
  let early = '';
  /** Null: no window, or it has not attached. */
  let drawn: Place | null = null;
  let wasDrawn = false;
  let answered = 0;
  let inputTaken = 0;

  /** Once a window has left, it reads on: what runs is not frozen, the history forgets. */
  const outstanding = (): number => {
    if (drawn !== null) return history.end - drawn.acked;
    return wasDrawn ? 0 : history.end;
  };
  const flow = (): SpokenEffects => {
    const frames = drawn === null ? [] : due(drawn, history);
    const full = outstanding() >= WINDOW_BYTES;
    if (full === held) return frames;
    held = full;
    return [...frames, { do: 'hold', on: held }];
  };
  const attach = (consumed: number | null): SpokenEffects => {
    const from = Math.min(Math.max(consumed ?? 0, history.start), history.end);
    drawn = { sent: from, acked: from };
    wasDrawn = true;
    const attached = show({
      type: 'attached',
      mode: 'control',
      output_offset: from,
      truncated: consumed === null ? history.start : Math.max(0, history.start - consumed),
      fresh: consumed === null,
      answered_offset: answered,
      modes: '',
      ...size,
    });
    return [attached, ...flow()];
  };
  const say = (text: string): SpokenEffects => {
    if (text === '' || over) return [];
    if (!open) {
      if (early.length + text.length <= MAX_EARLY_BYTES) early += text;
      return [];
    }
    if (wraps) return [{ do: 'say', text: JSON.stringify({ type: 'input', input: text }) }];
    return inTwoWhereItCommands(text).map((part) => ({ do: 'say', text: part }));
  };
  const resize = ({ cols, rows }: Size): SpokenEffects => {
    size = { cols, rows };
    return open ? [{ do: 'say', text: JSON.stringify({ type: 'resize', cols, rows }) }] : [];
  };
  const end = (reason: 'exited' | 'closed' | 'connection-lost'): SpokenEffects => {
    if (over) return [];
    over = true;
    return [
      show({ type: 'exit', exit_code: null, reason, output_offset: history.end }),
      { do: 'phase', phase: { at: 'ended', exitCode: null, reason } },
      { do: 'link', want: 'down' },
    ];
  };
  const fromWindow = (message: FromWindow): SpokenEffects => {
    switch (message.type) {
      case 'attach':
        return [
          ...(size.cols === message.cols && size.rows === message.rows ? [] : resize(message)),
          ...attach(message.consumed),
        ];
      case 'resize':
        return resize(message);
      case 'reply':
        return say(message.data);
      case 'visible':
      case 'kept':
      case 'take':
      case 'retry':
        return []; // nothing is kept, and nobody else can be in control
    }
  };
  const frameFromWindow = (bytes: Uint8Array): SpokenEffects => {
    const decoded = decode(bytes);
    if (!decoded.ok) return [];
    const { frame } = decoded;
    if (frame.kind === 'output-ack' && drawn !== null) {
      drawn.acked = Math.min(Math.max(drawn.acked, frame.offset), drawn.sent);
      answered = Math.max(answered, drawn.acked);
      return flow();
    }
    if (frame.kind !== 'input') return [];
    const fresh = frame.payload.subarray(Math.max(0, inputTaken - frame.offset));
    inputTaken = Math.max(inputTaken, frame.offset + frame.payload.length);
    return say(decoder.write(Buffer.from(fresh)));
  };
  return {
    subprotocols: [],
    query: () => queryOf(wish.session, size),
    deadline: Number.POSITIVE_INFINITY,
    start: () => [{ do: 'link', want: 'up' }],
    connected() {
      open = true;
      const first = early;
      early = '';
      return [{ do: 'phase', phase: { at: 'attached', mode: 'control' } }, ...resize(size), ...say(first)];
    },
    disconnected(_, code) {
      open = false;
      return end(NORMAL_CLOSES.includes(code) ? 'exited' : 'connection-lost');
    },
    text(text) {
      const wrapped = text.startsWith('{') ? wrappedOutput.safeParse(json(text)).data : undefined;
      wraps ||= wrapped !== undefined;
      const bytes = Buffer.from(wrapped?.output ?? text, 'utf8');
      if (bytes.length > 0) history.push(bytes);
      return flow();
    },
    frame(bytes) {
      if (bytes.length > 0) history.push(bytes); // some servers send output as binary
      return flow();
    },
    portOpened() {
      drawn = null;
      inputTaken = 0;
      return [show({ type: 'ready' })];
    },
    portClosed() {
      drawn = null;
      return flow();
    },
    fromWindow,
    frameFromWindow,
    close: () => end('closed'),
    tick: () => [],
  };
}

const show = (message: ToWindow): SpokenEffect => ({ do: 'show', message });

/** What may go to the window now; its place moves on. */
function due(place: Place, history: History): SpokenEffect[] {
  const frames: SpokenEffect[] = [];
  const until = Math.min(history.end, place.acked + WINDOW_BYTES);
  while (place.sent < until) {
    const payload = history.read(place.sent, Math.min(MAX_PAYLOAD, until - place.sent));
    frames.push({ do: 'show-frame', frame: encode({ kind: 'output', channel: 0, offset: place.sent, payload }) });
    place.sent += payload.length;
  }
  return frames;
}

function queryOf(session: Wish['session'], { cols, rows }: Size): string {
  const query = new URLSearchParams({ source: 'desktop', cols: String(cols), rows: String(rows) });
  if ('sessionId' in session) query.set('session_id', session.sessionId);
  return `?${query.toString()}`;
}

/** A text that would be taken for a command of the dialect goes as two. */
function inTwoWhereItCommands(text: string): string[] {
  if (!text.startsWith('{')) return [text];
  const type = typed.safeParse(json(text)).data?.type;
  return CONTROL_TYPES.includes(type) ? [text.slice(0, 1), text.slice(1)] : [text];
}
