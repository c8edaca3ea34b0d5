/** A terminal as its service and its window see it. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { FromWindow, ToWindow } from '../../../protocol/bridge/terminal.ts';
import type { FromClient, ToClient } from '../../../protocol/wire/control.ts';
import { decode, encode, type Frame } from '../../../protocol/wire/frame.ts';
import type { Wish } from './attaching.ts';
import type { Effect, Effects } from './effect.ts';
import { createTerminal } from './terminal.ts';

const size = { cols: 80, rows: 24 };
const opening: Wish = { client: 'c', session: { openId: 'o' }, ...size };
const adopting: Wish = { client: 'c', session: { sessionId: 's', take: false }, ...size };
type Attached = Extract<ToClient, { type: 'attached' }>;

/** A terminal, its clocks, and all it asked for. */
function createBench(wish: Wish) {
  const machine = createTerminal(wish);
  let monotonic = 1000;
  let wall = 1_700_000_000_000;
  let done: Effect[] = [];
  const at = () => ({ monotonic, wall });
  const did = (effects: Effects): Effects => {
    done.push(...effects);
    return effects;
  };
  const bench = {
    machine,
    did,
    at,
    start: () => did(machine.start(at())),
    connect: () => did(machine.connected(at())),
    disconnect: () => did(machine.disconnected(at())),
    receive: (message: ToClient) => did(machine.receive(message, at())),
    frame: (frame: Frame) => did(machine.receiveFrame(encode(frame), at())),
    output: (offset: number, count: number) =>
      bench.frame({ kind: 'output', channel: 0, offset, payload: new Uint8Array(count) }),
    window: (message: FromWindow) => did(machine.receiveFromWindow(message, at())),
    /** A window that opened its port and says what it has drawn. */
    openWindow(consumed: number | null = null): Effects {
      return [...did(machine.portOpened(at())), ...bench.window({ type: 'attach', consumed, ...size })];
    },
    drawn: (offset: number) =>
      did(machine.receiveFrameFromWindow(encode({ kind: 'output-ack', channel: 0, offset, window: 0 }), at())),
    type(text: string): Effects {
      const typedAt = Math.floor((monotonic - 1000) / 100);
      const payload = new TextEncoder().encode(text);
      return did(
        machine.receiveFrameFromWindow(encode({ kind: 'input', channel: 0, offset: 0, typedAt, payload }), at()),
      );
    },
    attached(more: Partial<Attached> = {}): Effects {
      const offsets = { output_offset: 0, truncated: 0, head: 0, input_offset: 0, answered_offset: 0 };
      const n = attachesOf(done).at(-1)?.n ?? 0;
      return bench.receive({ type: 'attached', n, mode: 'control', ...offsets, modes: '', ...size, ...more });
    },
    /** Lets time pass, to each moment something is due at. */
    pass(ms: number): Effects {
      const effects: Effect[] = [];
      const until = monotonic + ms;
      while (machine.deadline <= until) {
        wall += Math.max(0, machine.deadline - monotonic);
        monotonic = Math.max(monotonic, machine.deadline);
        effects.push(...did(machine.tick(at())));
      }
      wall += until - monotonic;
      monotonic = until;
      return effects;
    },
    /** The computer sleeps: its monotonic clock stands still. */
    sleep(ms: number): void {
      wall += ms;
    },
  };
  return bench;
}
const told = (effects: Effects): FromClient[] => effects.flatMap((each) => (each.do === 'tell' ? [each.message] : []));
const attachesOf = (effects: Effects) =>
  told(effects).flatMap((message) => (message.type === 'attach' ? [message] : []));
const shown = (effects: Effects): ToWindow[] => effects.flatMap((each) => (each.do === 'show' ? [each.message] : []));
const shownFrames = (effects: Effects) => effects.flatMap((each) => (each.do === 'show-frame' ? [each.frame] : []));
const phases = (effects: Effects) => effects.flatMap((each) => (each.do === 'phase' ? [each.phase] : []));
const links = (effects: Effects) => effects.flatMap((each) => (each.do === 'link' ? [each.want] : []));
const sentFrames = (effects: Effects): Frame[] =>
  effects.flatMap((each) => {
    const decoded = each.do === 'send' ? decode(each.frame) : null;
    return decoded?.ok ? [decoded.frame] : [];
  });
const typedText = (effects: Effects): string =>
  sentFrames(effects)
    .map((frame) => (frame.kind === 'input' ? new TextDecoder().decode(frame.payload) : ''))
    .join('');

/** Attached in control, with a window. */
function working(): ReturnType<typeof createBench> {
  const bench = createBench(adopting);
  bench.start();
  bench.openWindow();
  bench.connect();
  bench.attached();
  return bench;
}

describe('opening', () => {
  it('asks for a session by its own name for the wish, then attaches when there is a window to draw', () => {
    const bench = createBench(opening);
    expect(links(bench.start())).toEqual(['up']);
    expect(told(bench.connect())).toEqual([{ type: 'open', open_id: 'o', ...size }]);
    expect(bench.receive({ type: 'opened', session_id: 's' })).toEqual([{ do: 'session', sessionId: 's' }]);
    const [attach] = attachesOf(bench.openWindow());
    expect(attach).toMatchObject({ n: 1, session_id: 's', client: 'c', mode: 'control', want: null, consumed: null });
    expect(attach).not.toHaveProperty('take');
  });

  it('repeats the same wish after a cut: never two shells for one', () => {
    const bench = createBench(opening);
    bench.start();
    const [first] = told(bench.connect());
    bench.disconnect();
    expect(told(bench.connect())).toEqual([first]);
  });

  it('that is refused has failed, with the code', () => {
    const bench = createBench(opening);
    bench.start();
    bench.connect();
    const effects = bench.receive({ type: 'error', code: 'role-not-enforceable', message: 'No.' });
    expect(phases(effects)).toEqual([{ at: 'failed', code: 'role-not-enforceable', message: 'No.' }]);
    expect(links(effects)).toEqual(['down']);
  });

  it('waits for a machine that went offline after it was asked: its shell may run', () => {
    const bench = createBench(opening);
    bench.start();
    bench.connect();
    bench.disconnect();
    bench.connect();
    expect(phases(bench.receive({ type: 'error', code: 'machine-offline', message: '' }))).toEqual([
      { at: 'machine-away' },
    ]);
    expect(told(bench.pass(3000))).toMatchObject([{ type: 'open', open_id: 'o' }]);
  });
});

describe('attached', () => {
  it('shows the window where it begins, and acks at once', () => {
    const bench = createBench(adopting);
    bench.start();
    bench.openWindow();
    bench.connect();
    const effects = bench.attached({ output_offset: 40, truncated: 40, modes: 'M' });
    expect(shown(effects)).toMatchObject([
      { type: 'attached', fresh: true, output_offset: 40, truncated: 40, modes: 'M' },
    ]);
    expect(sentFrames(effects)).toMatchObject([{ kind: 'output-ack', offset: 40 }]);
    expect(phases(effects)).toEqual([{ at: 'attached', mode: 'control' }]);
  });

  it('tells its size where the session has another', () => {
    const bench = createBench(adopting);
    bench.start();
    bench.openWindow();
    bench.connect();
    expect(told(bench.attached({ cols: 100 }))).toEqual([{ type: 'resize', ...size }]);
  });

  it('hears only answers to its own, last attach', () => {
    const bench = createBench(adopting);
    bench.start();
    bench.openWindow();
    bench.connect();
    bench.window({ type: 'attach', consumed: 70, ...size });
    expect(bench.attached({ n: 1 })).toEqual([]);
    expect(bench.receive({ type: 'detached', n: 1, reason: 'taken' })).toEqual([]);
    expect(shown(bench.attached({ n: 2, output_offset: 70 }))).toMatchObject([{ type: 'attached', fresh: false }]);
  });

  it('ignores what is of an attachment that is over: it comes again', () => {
    const bench = working();
    bench.window({ type: 'take' });
    expect(bench.output(0, 5)).toEqual([]);
    expect(bench.receive({ type: 'moved', output_offset: 9, modes: '' })).toEqual([]);
  });
});

describe('a cut', () => {
  it('is mended from the next byte that the window lacks: scrollback stays, gaps are stated in bytes', () => {
    const bench = working();
    bench.output(0, 100);
    bench.drawn(60);
    expect(phases(bench.disconnect())).toEqual([{ at: 'reconnecting', why: 'lost' }]);
    expect(attachesOf(bench.connect())).toMatchObject([{ n: 2, want: 100, consumed: 60 }]);
    const effects = bench.attached({ output_offset: 500, truncated: 400, modes: 'M' });
    expect(shown(effects)).toMatchObject([{ type: 'attached', fresh: false, truncated: 400, modes: 'M' }]);
  });

  it('within the stream is found by its offsets, and mended', () => {
    const bench = working();
    bench.output(0, 10);
    const effects = bench.output(11, 5);
    expect(shownFrames(effects)).toEqual([]);
    expect(shown(effects)).toEqual([{ type: 'detached' }]);
    expect(attachesOf(effects)).toMatchObject([{ want: 10 }]);
  });

  it("of the window's port begins again where the window says", () => {
    const bench = working();
    bench.output(0, 100);
    bench.did(bench.machine.portClosed(bench.at()));
    expect(attachesOf(bench.openWindow(30))).toMatchObject([{ want: 30, consumed: 30 }]);
    bench.did(bench.machine.portClosed(bench.at()));
    expect(attachesOf(bench.openWindow(null))).toMatchObject([{ want: null, consumed: null }]);
  });

  it('of all windows lets the link go after a while, so that nobody holds the shell back; a new one dials', () => {
    const bench = working();
    bench.did(bench.machine.portClosed(bench.at()));
    expect(links(bench.pass(4999))).toEqual([]);
    expect(links(bench.pass(1))).toEqual(['down']);
    expect(links(bench.openWindow())).toEqual(['up']);
  });
});

describe('typing', () => {
  it('goes to the shell at once, and is forgotten when it is taken', () => {
    const bench = working();
    expect(typedText(bench.type('ls'))).toBe('ls');
    bench.frame({ kind: 'input-ack', channel: 0, offset: 2 });
    bench.disconnect();
    bench.connect();
    expect(typedText(bench.attached({ input_offset: 2 }))).toBe('');
  });

  it('while disconnected is kept and shown, and goes out after a short cut, not one byte twice', () => {
    const bench = working();
    bench.type('ab');
    bench.disconnect();
    expect(shown(bench.type('c'))).toEqual([{ type: 'kept', bytes: 3, ask: false, preview: 'abc' }]);
    bench.connect();
    const effects = bench.attached({ input_offset: 1 });
    expect(typedText(effects)).toBe('bc');
    expect(shown(effects)).toContainEqual({ type: 'kept', bytes: 0, ask: false, preview: '' });
  });

  it('older than 5 s is shown first: the person sends it, all of it', () => {
    const bench = working();
    bench.disconnect();
    bench.type('rm -rf /');
    bench.pass(4000);
    bench.type('!');
    bench.pass(2000);
    bench.connect();
    const effects = bench.attached();
    expect(typedText(effects)).toBe('');
    expect(shown(effects)).toContainEqual({ type: 'kept', bytes: 9, ask: true, preview: 'rm -rf /!' });
    expect(typedText(bench.window({ type: 'kept', send: true }))).toBe('rm -rf /!');
  });

  it('that slept is stale: wake sends nothing into the shell that the person does not want, and discards what he discards', () => {
    const bench = working();
    bench.disconnect();
    bench.type('sudo reboot\r');
    bench.sleep(3_600_000);
    bench.connect();
    expect(typedText(bench.attached())).toBe('');
    bench.window({ type: 'kept', send: false });
    expect(typedText(bench.type('x'))).toBe('x');
  });

  it('from before another client had control waits for the person too', () => {
    const bench = working();
    bench.type('a');
    bench.receive({ type: 'detached', n: 1, reason: 'taken' });
    bench.attached({ n: 2, mode: 'view' });
    bench.window({ type: 'take' });
    const effects = bench.attached({ n: 3 });
    expect(typedText(effects)).toBe('');
    expect(shown(effects)).toContainEqual({ type: 'kept', bytes: 1, ask: true, preview: 'a' });
  });

  it('of the emulator itself goes after the ack that says it was drawn, and not at all when it is old', () => {
    const bench = working();
    bench.output(0, 50_000);
    bench.drawn(10);
    const effects = bench.window({ type: 'reply', data: '\u001b[?1;2c' });
    expect(sentFrames(effects)).toMatchObject([{ kind: 'output-ack', offset: 10 }, { kind: 'input' }]);
    bench.disconnect();
    bench.pass(6000);
    bench.connect();
    expect(typedText(bench.attached({ output_offset: 50_000 }))).toBe('');
  });

  it('in view goes nowhere', () => {
    const bench = createBench(adopting);
    bench.start();
    bench.openWindow();
    bench.connect();
    bench.attached({ mode: 'view' });
    expect(sentFrames(bench.type('x'))).toEqual([]);
    expect(bench.window({ type: 'reply', data: 'y' })).toEqual([]);
  });
});

describe('control', () => {
  it('that was taken is not taken back by the program: it views', () => {
    const bench = working();
    const effects = bench.receive({ type: 'detached', n: 1, reason: 'taken' });
    expect(attachesOf(effects)).toMatchObject([{ n: 2, mode: 'view' }]);
    expect(attachesOf(effects)[0]).not.toHaveProperty('take');
  });

  it('is taken when the person wants it, once', () => {
    const bench = working();
    expect(attachesOf(bench.window({ type: 'take' }))).toMatchObject([{ mode: 'control', take: true }]);
    bench.disconnect();
    expect(attachesOf(bench.connect())[0]).not.toHaveProperty('take');
  });
});

describe('a stream that looks attached and is dead', () => {
  it('is shown within seconds, then asked for anew, then dialled anew', () => {
    const bench = working();
    expect(told(bench.pass(3000))).toMatchObject([{ type: 'probe', consumed: 0 }]);
    expect(phases(bench.pass(4000))).toEqual([{ at: 'reconnecting', why: 'stalled' }]);
    expect(attachesOf(bench.pass(6000))).toMatchObject([{ n: 2 }]);
    expect(links(bench.pass(10_000))).toEqual(['anew']);
  });

  it('is attached again as soon as anything comes', () => {
    const bench = working();
    bench.pass(7000);
    expect(phases(bench.output(0, 1))).toEqual([{ at: 'attached', mode: 'control' }]);
  });

  it('is found by what the probe restates: a lost last frame, in either direction', () => {
    const restated = { type: 'probed', sent: 0, taken: 0, received: 0, ...size } as const;
    const lostOutput = working();
    lostOutput.pass(3000);
    expect(attachesOf(lostOutput.receive({ ...restated, sent: 5 }))).toMatchObject([{ want: 0 }]);
    const lostInput = working();
    lostInput.type('x');
    lostInput.pass(3000);
    expect(attachesOf(lostInput.receive(restated))).toHaveLength(1);
  });

  it("is nobody's concern while the terminal is hidden and owes nothing", () => {
    const bench = working();
    bench.window({ type: 'visible', visible: false });
    expect(bench.pass(60_000)).toEqual([]);
  });
});

describe('a machine that is away', () => {
  it('is told, waited for, and found again', () => {
    const bench = working();
    const effects = bench.receive({ type: 'detached', n: 1, reason: 'agent-away' });
    expect(attachesOf(effects)).toMatchObject([{ n: 2 }]);
    expect(phases(bench.receive({ type: 'waiting', n: 2 }))).toEqual([{ at: 'machine-away' }]);
    expect(phases(bench.attached({ n: 2 }))).toEqual([{ at: 'attached', mode: 'control' }]);
  });
});

describe('the end', () => {
  const exit = { type: 'exit', exit_code: 3, reason: 'exited', output_offset: 10 } as const;

  it('is shown, and the session let go of, when all before it is drawn', () => {
    const bench = working();
    bench.output(0, 10);
    expect(shown(bench.receive(exit))).toMatchObject([{ type: 'exit', exit_code: 3 }]);
    const effects = bench.drawn(10);
    expect(told(effects)).toEqual([{ type: 'close' }]);
    expect(phases(effects)).toEqual([{ at: 'ended', exitCode: 3, reason: 'exited' }]);
    expect(links(effects)).toEqual(['down']);
    expect(bench.machine.deadline).toBe(Number.POSITIVE_INFINITY);
  });

  it('that came while the window was gone waits for the next one: its last output is seen', () => {
    const bench = working();
    bench.output(0, 10);
    bench.drawn(10);
    bench.did(bench.machine.portClosed(bench.at()));
    expect(phases(bench.receive(exit))).toEqual([]);
    expect(attachesOf(bench.openWindow(null))).toHaveLength(1);
  });

  it('elsewhere is told, with its reason', () => {
    const bench = working();
    const error = { type: 'error', code: 'session-ended', message: '', reason: 'revoked' } as const;
    expect(phases(bench.receive(error))).toEqual([{ at: 'ended', exitCode: null, reason: 'revoked' }]);
  });

  it('that the person wants is asked of the service, as soon as there is one', () => {
    const bench = working();
    bench.disconnect();
    expect(told(bench.did(bench.machine.close(bench.at())))).toEqual([]);
    bench.connect();
    expect(told(bench.attached())).toContainEqual({ type: 'close' });
    expect(phases(bench.pass(5000))).toEqual([{ at: 'ended', exitCode: null, reason: 'closed' }]);
  });

  it('of a view is its own alone: the session goes on', () => {
    const bench = createBench(adopting);
    bench.start();
    bench.openWindow();
    bench.connect();
    bench.attached({ mode: 'view' });
    const effects = bench.did(bench.machine.close(bench.at()));
    expect(told(effects)).toEqual([]);
    expect(links(effects)).toEqual(['down']);
  });
});

describe('a service that breaks the rules', () => {
  let bench: ReturnType<typeof createBench>;
  beforeEach(() => {
    bench = working();
  });

  it.each([
    ['an unreadable frame', () => bench.did(bench.machine.receiveFrame(new Uint8Array(3), bench.at()))],
    ['a frame of another channel', () => bench.frame({ kind: 'input-ack', channel: 1, offset: 0 })],
    [
      'more than the window',
      () => Array.from({ length: 5 }, (_, index) => bench.output(index * 65_536, 65_536)).flat(),
    ],
  ])('by %s loses its socket', (_name, act) => {
    expect(links(act())).toEqual(['anew']);
  });

  it('by refusing each attach is asked more and more slowly', () => {
    const refuse = (n: number) => bench.receive({ type: 'detached', n, reason: 'fault', code: 'x' });
    expect(attachesOf(refuse(1))).toHaveLength(1);
    bench.attached({ n: 2 });
    expect(attachesOf(refuse(2))).toHaveLength(0);
    expect(attachesOf(bench.pass(500))).toHaveLength(1);
    bench.attached({ n: 3 });
    refuse(3);
    expect(attachesOf(bench.pass(500))).toHaveLength(0);
    expect(attachesOf(bench.pass(500))).toHaveLength(1);
  });
});
