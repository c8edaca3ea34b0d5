import { describe, expect, it } from 'vitest';
import type { ToWindow } from '../../../protocol/bridge/terminal.ts';
import { decode, encode } from '../../../protocol/wire/frame.ts';
import { speakPlain } from './plain.ts';
import type { SpokenEffects } from './speaker.ts';

const now = { monotonic: 0, wall: 0 };
const size = { cols: 80, rows: 24 };

/** A plain terminal with everything it did, sorted by whom it concerns. */
function plain() {
  const speaker = speakPlain({ session: { openId: 'o' }, ...size });
  const said: string[] = [];
  const shown: ToWindow[] = [];
  const drawn: { readonly offset: number; readonly text: string }[] = [];
  const others: unknown[] = [];
  let sent = 0;
  const perform = (effects: SpokenEffects | null): void => {
    for (const effect of effects ?? []) {
      if (effect.do === 'say') said.push(effect.text);
      else if (effect.do === 'show') shown.push(effect.message);
      else if (effect.do === 'show-frame') {
        const decoded = decode(effect.frame);
        if (!decoded.ok || decoded.frame.kind !== 'output') throw new Error('no output frame');
        drawn.push({ offset: decoded.frame.offset, text: Buffer.from(decoded.frame.payload).toString() });
      } else others.push(effect);
    }
  };
  return {
    said,
    shown,
    drawn,
    others,
    query: () => speaker.query(),
    open() {
      perform(speaker.connected(now));
    },
    lose(code: number | null) {
      perform(speaker.disconnected(now, code));
    },
    output(text: string) {
      perform(speaker.text(text, now));
    },
    window(consumed: number | null) {
      perform(speaker.portOpened(now));
      perform(speaker.fromWindow({ type: 'attach', consumed, ...size }, now));
      sent = 0;
    },
    leave() {
      perform(speaker.portClosed(now));
    },
    ack(offset: number) {
      perform(speaker.frameFromWindow(encode({ kind: 'output-ack', channel: 0, offset, window: 0 }), now));
    },
    type(text: string | Uint8Array) {
      const payload = Buffer.from(text);
      perform(speaker.frameFromWindow(encode({ kind: 'input', channel: 0, typedAt: 0, offset: sent, payload }), now));
      sent += payload.length;
    },
    resize: (cols: number, rows: number) => perform(speaker.fromWindow({ type: 'resize', cols, rows }, now)),
  };
}

describe('the plain dialect', () => {
  it('says who asks and how large the screen is, and holds no token', () => {
    expect(plain().query()).toBe('?source=desktop&cols=80&rows=24');
  });

  it('draws what comes, in order, from the first byte', () => {
    const terminal = plain();
    terminal.open();
    terminal.output('early ');
    terminal.window(null);
    terminal.output('and late');
    expect(terminal.drawn).toEqual([
      { offset: 0, text: 'early ' },
      { offset: 6, text: 'and late' },
    ]);
  });

  it('unwraps output that arrives as JSON, and speaks JSON itself from then on', () => {
    const terminal = plain();
    terminal.window(null);
    terminal.open();
    terminal.type('a');
    terminal.output('{"type":"output","output":"$ ö"}');
    terminal.type('b');
    expect(terminal.drawn.map(({ text }) => text)).toEqual(['$ ö']);
    expect(terminal.said.slice(1)).toEqual(['a', '{"type":"input","input":"b"}']);
  });

  it('sends JSON that a program prints to the screen as it is', () => {
    const terminal = plain();
    terminal.window(null);
    terminal.open();
    for (const text of ['{"type":"other"}', '{"output":"x"}', '{"type":"output"}', '{broken']) terminal.output(text);
    terminal.type('b');
    expect(terminal.drawn.map(({ text }) => text).join(' ')).toBe(
      '{"type":"other"} {"output":"x"} {"type":"output"} {broken',
    );
    expect(terminal.said.at(-1)).toBe('b');
  });

  it('sends pasted text that would be taken for a command in two', () => {
    const terminal = plain();
    terminal.window(null);
    terminal.open();
    const command = '{"type":"resize","cols":1,"rows":1}';
    terminal.type(command);
    terminal.type('{"a":1}');
    expect(terminal.said.slice(1)).toEqual(['{', command.slice(1), '{"a":1}']);
  });

  it('does not tear a character that comes in two pieces', () => {
    const terminal = plain();
    terminal.window(null);
    terminal.open();
    const [first, ...rest] = Buffer.from('ö');
    terminal.type(Uint8Array.of(first ?? 0));
    terminal.type(Uint8Array.from(rest));
    expect(terminal.said.slice(1)).toEqual(['ö']);
  });

  it('keeps what was typed until the connection is open', () => {
    const terminal = plain();
    terminal.window(null);
    terminal.type('ls\r');
    terminal.open();
    expect(terminal.said).toEqual(['{"type":"resize","cols":80,"rows":24}', 'ls\r']);
  });

  it('never sends the window more than it may hold, and reads no more while it is full', () => {
    const terminal = plain();
    terminal.open();
    terminal.window(null);
    for (let n = 0; n < 64; n += 1) terminal.output('x'.repeat(4096));
    const outstanding = () => terminal.drawn.reduce((sum, { text }) => sum + text.length, 0);
    expect(outstanding()).toBe(128 * 1024);
    expect(terminal.others.at(-1)).toEqual({ do: 'hold', on: true });
    terminal.ack(128 * 1024);
    expect(outstanding()).toBe(256 * 1024);
    terminal.ack(256 * 1024);
    expect(terminal.others.at(-1)).toEqual({ do: 'hold', on: false });
  });

  it('scrollback: a window that comes back gets what it has not drawn, a new one all there is', () => {
    const terminal = plain();
    terminal.open();
    terminal.window(null);
    terminal.output('0123456789');
    terminal.ack(10);
    terminal.window(4);
    expect(terminal.drawn.at(-1)).toEqual({ offset: 4, text: '456789' });
    expect(terminal.shown.at(-1)).toMatchObject({ fresh: false, truncated: 0, answered_offset: 10 });
    terminal.window(null);
    expect(terminal.drawn.at(-1)).toEqual({ offset: 0, text: '0123456789' });
    expect(terminal.shown.at(-1)).toMatchObject({ fresh: true, answered_offset: 10 });
  });

  it('waits with the flood until the first window is there, so that its beginning is not lost', () => {
    const terminal = plain();
    terminal.open();
    for (let n = 0; n < 16; n += 1) terminal.output('x'.repeat(16 * 1024));
    expect(terminal.others.at(-1)).toEqual({ do: 'hold', on: true });
    terminal.window(null);
    expect(terminal.shown.at(-1)).toMatchObject({ type: 'attached', output_offset: 0, truncated: 0 });
  });

  it('states what is gone when nobody looked for long', () => {
    const terminal = plain();
    terminal.open();
    terminal.window(null);
    terminal.leave();
    for (let n = 0; n < 300; n += 1) terminal.output('x'.repeat(16 * 1024));
    terminal.window(100);
    const attached = terminal.shown.findLast(({ type }) => type === 'attached');
    expect(attached).toMatchObject({ truncated: 300 * 16 * 1024 - 2 * 1024 * 1024 - 100 });
  });

  it.each([
    [1000, 'exited'],
    [1005, 'exited'],
    [1006, 'connection-lost'],
    [null, 'connection-lost'],
  ])('that is closed with %s ends: %s', (code, reason) => {
    const terminal = plain();
    terminal.open();
    terminal.window(null);
    terminal.output('bye');
    terminal.lose(code);
    expect(terminal.shown.at(-1)).toMatchObject({ type: 'exit', reason, output_offset: 3 });
    expect(terminal.others.slice(-2)).toEqual([
      { do: 'phase', phase: { at: 'ended', exitCode: null, reason } },
      { do: 'link', want: 'down' },
    ]);
  });

  it('tells the server of a new size once it is open', () => {
    const terminal = plain();
    terminal.window(null);
    terminal.resize(100, 30);
    terminal.open();
    terminal.resize(120, 40);
    expect(terminal.said).toEqual(['{"type":"resize","cols":100,"rows":30}', '{"type":"resize","cols":120,"rows":40}']);
  });
});
