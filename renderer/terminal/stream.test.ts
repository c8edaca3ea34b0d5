/** The stream between a session and a real emulator: bytes exact, acks after drawing, gaps stated, queries answered once. */
import { array, assert, asyncProperty, constant, constantFrom, integer, oneof, record, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode } from '../../protocol/wire/frame.ts';
import type { Seen } from './testing/fake-session.ts';
import { setUpStream } from './testing/stream-setup.ts';

const DEVICE_STATUS = '\u001b[5n';
const CURSOR_REPORT = '\u001b[6n';

const outputFrame = (offset: number, text: string): Uint8Array =>
  encode({ kind: 'output', channel: 0, offset, payload: new TextEncoder().encode(text) });
const replies = (seen: readonly Seen[]): string[] =>
  seen.flatMap((one) => (one.saw === 'message' && one.message.type === 'reply' ? [one.message.data] : []));
const attaches = (seen: readonly Seen[]) =>
  seen.flatMap((one) => (one.saw === 'message' && one.message.type === 'attach' ? [one.message] : []));
const acks = (seen: readonly Seen[]): number[] => seen.flatMap((one) => (one.saw === 'ack' ? [one.offset] : []));

describe('output', () => {
  it('is attached with nothing consumed, and shown', async () => {
    const { session, screen, settled } = setUpStream();
    session.print('hello\r\nworld');
    await settled();
    expect(attaches(session.seen)).toEqual([{ type: 'attach', consumed: null, cols: 80, rows: 24 }]);
    expect(screen.text()).toBe('hello\nworld');
  });

  it('stays exact however it is cut into frames, through code points and escape sequences', async () => {
    const output = 'α😀e\u0301 \u001b[31mred\u001b[0m 漢字\r\n'.repeat(20);
    const whole = setUpStream();
    whole.session.print(output);
    await whole.settled();
    for (const frameBytes of [1, 2, 3, 7]) {
      const cut = setUpStream({ frameBytes });
      cut.session.print(output);
      await cut.settled();
      expect(cut.screen.text()).toBe(whole.screen.text());
    }
  });

  it('is drawn once where a frame repeats what is there', async () => {
    const { session, screen, stream, settled } = setUpStream();
    session.print('abc');
    await settled();
    stream.frame(outputFrame(1, 'bcd'));
    session.print('de');
    await settled();
    expect(screen.text()).toBe('abcde');
  });

  it('is asked for again when a frame leaves a gap', async () => {
    const { session, screen, stream, settled } = setUpStream();
    session.print('abc');
    await settled();
    stream.frame(outputFrame(9, 'late'));
    await settled();
    expect(attaches(session.seen).map(({ consumed }) => consumed)).toEqual([null, 3]);
    session.print('def');
    await settled();
    expect(screen.text()).toBe('abcdef');
  });

  it('before attached is not of this attachment', async () => {
    const { session, screen, stream, settled } = setUpStream();
    await settled();
    session.cut();
    await settled();
    stream.frame(outputFrame(0, 'stale'));
    await settled();
    expect(screen.text()).toBe('');
  });
});

describe('acks', () => {
  it('come only after drawing', async () => {
    const { session, stream, settled } = setUpStream();
    await settled();
    session.print('x'.repeat(200_000));
    await Promise.resolve();
    await Promise.resolve();
    expect(stream.outstanding()).toBe(200_000);
    expect(session.acked()).toBe(0);
    await settled();
    expect(session.acked()).toBe(200_000);
  });

  it('are gathered: a thousand small frames are not acked one by one', async () => {
    const { session, settled } = setUpStream({ frameBytes: 16 });
    await settled();
    const before = acks(session.seen).length;
    session.print('y'.repeat(16_000));
    await settled();
    expect(session.acked()).toBe(16_000);
    expect(acks(session.seen).length - before).toBeLessThanOrEqual(2);
  });

  it('come at once when the session is attached', async () => {
    const { session, settled } = setUpStream();
    session.print('abc');
    await settled();
    session.cut();
    await settled();
    const before = acks(session.seen).length;
    session.mend();
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(acks(session.seen).slice(before)).toEqual([3]);
  });

  it('never leave more than the window waiting: xterm.js throws input away past 50 MB in its write buffer', async () => {
    const window = 64 * 1024;
    const { session, mostOutstanding, settled } = setUpStream({ window });
    await settled();
    session.print(new Uint8Array(5_000_000).fill(0x61));
    await settled();
    expect(session.acked()).toBe(5_000_000);
    expect(mostOutstanding()).toBeGreaterThan(0);
    expect(mostOutstanding()).toBeLessThanOrEqual(window);
  }, 30_000);
});

describe('scrollback stays on reconnect and gaps are stated in bytes (scrollback lost on reconnect)', () => {
  it('goes on at the same byte after a short cut', async () => {
    const { session, screen, settled } = setUpStream();
    session.print('one\r\n');
    await settled();
    session.cut();
    session.print('two\r\n');
    session.mend();
    session.print('three');
    await settled();
    expect(screen.text()).toBe('one\ntwo\nthree');
  });

  it('keeps what was drawn and states how many bytes are missing', async () => {
    const { session, screen, jumps, settled } = setUpStream();
    session.print('before');
    await settled();
    session.cut();
    session.print(`${'.'.repeat(12_345)}after`);
    session.mend(12_345);
    await settled();
    expect(screen.text()).toBe('before\n 12,345 bytes of output are missing here\nafter');
    expect(jumps()).toBe(2);
  });

  it('states what was skipped when it was moved', async () => {
    const { session, screen, settled } = setUpStream();
    session.print('slow');
    await settled();
    session.skip(1);
    session.print('!fast');
    await settled();
    expect(screen.text()).toBe('slow\n 1 byte of output was skipped here to keep up\nfast');
  });

  it('sets the modes that came with the gap, and none of before', async () => {
    const { session, screen, settled } = setUpStream();
    session.print('\u001b[?2004h\u001b[?1000h\u001b[?1h');
    await settled();
    expect(screen.terminal.modes).toMatchObject({ bracketedPasteMode: true, mouseTrackingMode: 'vt200' });
    session.cut();
    session.print('lost');
    session.next.modes = '\u001b[?2004h';
    session.mend(4);
    await settled();
    expect(screen.terminal.modes).toMatchObject({
      bracketedPasteMode: true,
      mouseTrackingMode: 'none',
      applicationCursorKeysMode: false,
    });
  });

  it('does not run a sequence that the gap cut in two', async () => {
    const { session, screen, settled } = setUpStream();
    const titles: string[] = [];
    screen.terminal.onTitleChange((title) => titles.push(title));
    session.print('a\u001b]2;half a tit');
    await settled();
    session.cut();
    session.print('le\u0007');
    session.mend(3);
    session.print('b');
    await settled();
    expect(titles).toEqual([]);
    expect(screen.text()).toBe('a\n 3 bytes of output are missing here\nb');
  });

  it('states the gap in the usual screen when a full-screen program runs', async () => {
    const { session, screen, settled } = setUpStream();
    session.print('shell\r\n\u001b[?1049hfull screen');
    await settled();
    session.cut();
    session.print('12345678');
    session.next.modes = '\u001b[?1049h';
    session.mend(8);
    await settled();
    expect(screen.alternate).toBe(true);
    expect(screen.text()).toBe('');
    session.print('\u001b[?1049l');
    await settled();
    expect(screen.text()).toContain(' 8 bytes of output are missing here');
    expect(screen.text()).toContain('shell');
  });

  it('goes on where it was when the port itself closed and a new one is open', async () => {
    const { session, screen, time, settled } = setUpStream();
    session.print('first\r\n');
    await settled();
    session.breakPort();
    session.print('second');
    time.advance(100);
    await settled();
    expect(attaches(session.seen).map(({ consumed }) => consumed)).toEqual([null, 7]);
    expect(screen.text()).toBe('first\nsecond');
  });

  it('waits with attaching until all it was given is drawn, so that nothing comes twice', async () => {
    const { session, screen, stream, time, settled } = setUpStream();
    await settled();
    session.print('z'.repeat(50_000));
    await Promise.resolve();
    expect(stream.outstanding()).toBe(50_000);
    session.breakPort();
    time.advance(100);
    await settled();
    expect(attaches(session.seen).at(-1)).toMatchObject({ consumed: 50_000 });
    expect(screen.text().replaceAll('\n', '')).toBe('z'.repeat(50_000));
  });

  it('starts clean on a fresh screen, and says what is not shown', async () => {
    const { session, screen, stream, settled } = setUpStream();
    session.print('old');
    await settled();
    stream.message({
      type: 'attached',
      mode: 'control',
      output_offset: 3,
      truncated: 0,
      fresh: true,
      answered_offset: 0,
      modes: '',
      cols: 80,
      rows: 24,
    });
    await settled();
    expect(screen.text()).toBe(' The first 3 bytes of this session are not shown');
  });

  it('loses and doubles no byte, whatever is cut when', async () => {
    const step = oneof(
      record({ do: constant('print' as const), bytes: integer({ min: 1, max: 40_000 }) }),
      constant({ do: 'cut' as const }),
      constant({ do: 'break' as const }),
      constant({ do: 'draw' as const }),
    );
    await assert(
      asyncProperty(array(step, { maxLength: 12 }), async (steps) => {
        const { session, screen, time, settled } = setUpStream({ window: 64 * 1024, frameBytes: 5000 });
        let printed = '';
        let line = 0;
        for (const one of steps) {
          if (one.do === 'print') {
            const lines = Array.from({ length: Math.ceil(one.bytes / 1000) }, () => `${line++}:${'#'.repeat(60)}`);
            printed += `${lines.join('\r\n')}\r\n`;
            session.print(`${lines.join('\r\n')}\r\n`);
          } else if (one.do === 'cut') {
            session.cut();
            await Promise.resolve();
            session.mend();
          } else if (one.do === 'break') {
            session.breakPort();
            time.advance(100);
          } else await settled();
        }
        await settled();
        expect(screen.text()).toBe(printed.replaceAll('\r\n', '\n').trimEnd());
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});

describe('queries of programs', () => {
  it('are answered once and in order, after the ack', async () => {
    const { session, typed, settled } = setUpStream();
    await settled();
    session.print(`ab${CURSOR_REPORT}cd${DEVICE_STATUS}`);
    await settled();
    expect(replies(session.seen)).toEqual(['\u001b[1;3R\u001b[0n']);
    const reply = session.seen.findIndex((one) => one.saw === 'message' && one.message.type === 'reply');
    expect(session.seen[reply - 1]).toEqual({ saw: 'ack', offset: 12 });
    expect(typed).toEqual([]);
  });

  it.each([
    ['device attributes', '\u001b[c'],
    ['secondary attributes', '\u001b[>c'],
    ['status', DEVICE_STATUS],
    ['cursor position', CURSOR_REPORT],
    ['extended cursor position', '\u001b[?6n'],
    ['a mode', '\u001b[20$p'],
    ['a private mode', '\u001b[?2004$p'],
    ['a setting', '\u001bP$qr\u001b\\'],
  ])('about %s get one reply and type nothing', async (_what, query) => {
    const { session, typed, settled } = setUpStream();
    await settled();
    session.print(query);
    await settled();
    expect(replies(session.seen)).toHaveLength(1);
    expect(typed).toEqual([]);
  });

  it('never become typing, whatever the output is', async () => {
    const piece = oneof(
      constantFrom('\u001b', '[', ']', 'P', '?', '>', '$', ';', '\u001b\\', '\u0007', '\u009b'),
      constantFrom('c', 'n', 'p', 'q', 't', 'h', 'l', '1004', '5', '6', '10;?', '11;?', '4;1;?', '2027'),
      string({ maxLength: 4 }),
    );
    await assert(
      asyncProperty(array(piece, { maxLength: 40 }), async (pieces) => {
        const { session, typed, settled } = setUpStream();
        session.print(pieces.join(''));
        await settled();
        expect(typed).toEqual([]);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('below answered_offset are swallowed, and the write is split there', async () => {
    const { session, settled } = setUpStream();
    session.print(`${DEVICE_STATUS}${CURSOR_REPORT}`);
    session.next.answered = DEVICE_STATUS.length;
    await settled();
    expect(replies(session.seen)).toEqual(['\u001b[1;1R']);
  });

  it('that answered_offset cuts in two are answered, for nobody has seen their end', async () => {
    const { session, settled } = setUpStream();
    session.print(DEVICE_STATUS);
    session.next.answered = 2;
    await settled();
    expect(replies(session.seen)).toEqual(['\u001b[0n']);
  });

  it('are swallowed in view mode', async () => {
    const { session, typed, settled } = setUpStream();
    session.next.mode = 'view';
    session.print(DEVICE_STATUS);
    await settled();
    expect(replies(session.seen)).toEqual([]);
    expect(typed).toEqual([]);
    expect(session.acked()).toBe(4);
  });

  it('drawn while the link was cut are answered when it is back, unless another client answered', async () => {
    for (const [answered, expected] of [
      [0, ['\u001b[0n']],
      [4, []],
    ] as const) {
      const { session, settled } = setUpStream();
      await settled();
      session.print(DEVICE_STATUS);
      await Promise.resolve();
      session.cut();
      await settled();
      expect(replies(session.seen)).toEqual([]);
      session.next.answered = answered;
      session.mend();
      await settled();
      expect(replies(session.seen)).toEqual(expected);
    }
  });

  it('are not answered late: a program stops waiting', async () => {
    const { session, time, settled } = setUpStream();
    await settled();
    session.print(DEVICE_STATUS);
    await Promise.resolve();
    session.cut();
    await settled();
    time.advance(5001);
    session.next.answered = 0;
    session.mend();
    await settled();
    expect(replies(session.seen)).toEqual([]);
  });

  it('in a flood are answered in messages of the size the bridge takes', async () => {
    const { session, settled } = setUpStream();
    await settled();
    session.print(CURSOR_REPORT.repeat(2000));
    await settled();
    const given = replies(session.seen);
    expect(given.join('')).toBe('\u001b[1;1R'.repeat(2000));
    expect(Math.max(...given.map(({ length }) => length))).toBeLessThanOrEqual(4096);
  });

  it('seen again on a fresh screen ask nothing of the person either', async () => {
    const { session, stream, screen, settled } = setUpStream();
    const replays: boolean[] = [];
    screen.terminal.parser.registerOscHandler(52, () => {
      replays.push(stream.isReplay());
      return true;
    });
    const wish = '\u001b]52;c;aGk=\u0007';
    session.print(wish.repeat(2));
    session.next.answered = wish.length;
    await settled();
    expect(replays).toEqual([true, false]);
  });
});

describe('a session seen by a viewer', () => {
  it('takes the size it is given, in its place among the bytes', async () => {
    const { session, sizes, settled } = setUpStream();
    session.next.mode = 'view';
    await settled();
    expect(sizes).toEqual([{ cols: 80, rows: 24 }]);
    session.say({ type: 'resized', cols: 132, rows: 43 });
    await settled();
    expect(sizes.at(-1)).toEqual({ cols: 132, rows: 43 });
  });
});
