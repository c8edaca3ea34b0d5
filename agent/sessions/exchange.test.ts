/** The agent's side of the wire: what it answers, what it keeps, and when it lets go. */
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { NO_LIMIT } from '../../protocol/wire/control.ts';
import { decode, encode, type Output } from '../../protocol/wire/frame.ts';
import type { Effect, Effects, Launch } from './effect.ts';
import { createExchange, type Exchange, type SessionMessage } from './exchange.ts';

const KIB = 1024;
const RING = 512 * KIB;
const EVERY = 64 * KIB;
const size = { cols: 80, rows: 24 };
const launch: Launch = {
  type: 'open',
  session_id: 's',
  user_id: 'u',
  username: 'anna',
  source: 'test',
  machine_role: 'non-sudo',
  ttl_s: 3600,
  ...size,
};
const bytes = (count: number, fill = 120): Uint8Array => new Uint8Array(count).fill(fill);

/** An exchange with one running shell, a clock, and a list of all it asked for. */
function createBench() {
  const exchange = createExchange({ ringBytes: RING, checkpointEvery: EVERY });
  let now = 1000;
  let done: Effect[] = [];
  const did = (effects: Effects): Effects => {
    done.push(...effects);
    return effects;
  };
  const at = () => ({ monotonic: now, wall: now });
  const bench = {
    exchange,
    at,
    /** Lets time pass, to each moment something is due at. */
    pass(ms: number): void {
      const until = now + ms;
      while (exchange.deadline <= until) {
        now = Math.max(now, exchange.deadline);
        did(exchange.tick(at()));
      }
      now = until;
    },
    do: (act: (of: Exchange) => Effects) => did(act(exchange)),
    receive: (message: SessionMessage) => did(exchange.receive(message, at())),
    output: (count: number, fill = 120) => did(exchange.output('s', bytes(count, fill), at())),
    type(channel: number, offset: number, text: string, typedAt = 0): Effects {
      const payload = new TextEncoder().encode(text);
      return did(exchange.receiveFrame(encode({ kind: 'input', channel, offset, typedAt, payload }), at()));
    },
    ack: (channel: number, offset: number, window: number) =>
      did(exchange.receiveFrame(encode({ kind: 'output-ack', channel, offset, window }), at())),
    attach(channel: number, more: Partial<Extract<SessionMessage, { type: 'attach' }>> = {}): Effects {
      const wish = { want: null, from: null, consumed: null, window: NO_LIMIT, ...size };
      return bench.receive({
        type: 'attach',
        session_id: 's',
        channel,
        mode: 'control',
        client: 'a',
        ...wish,
        ...more,
      });
    },
    /** What was asked for since the last time. */
    taken(): Effect[] {
      const taken = done;
      done = [];
      return taken;
    },
    open(): void {
      did(exchange.linkUp(at()));
      bench.receive(launch);
      did(exchange.started('s', at()));
      bench.taken();
    },
  };
  return bench;
}
const told = (effects: Effects) => effects.flatMap((effect) => (effect.do === 'tell' ? [effect.message] : []));
const ofType = (effects: Effects, type: string) => told(effects).filter((message) => message.type === type);
const outputs = (effects: Effects): Output[] =>
  effects.flatMap((effect) => {
    const decoded = effect.do === 'send' ? decode(effect.frame) : null;
    if (!decoded?.ok || decoded.frame.kind !== 'output') return [];
    return [{ ...decoded.frame, payload: new Uint8Array(decoded.frame.payload) }];
  });
const reading = (effects: Effects) => effects.flatMap((effect) => (effect.do === 'read' ? [effect.on] : []));
const written = (effects: Effects) => effects.flatMap((effect) => (effect.do === 'write' ? [effect.bytes] : []));
/** Answers each ping, as a link without distance does. */
function drain(bench: ReturnType<typeof createBench>, effects: Effects): Effect[] {
  const all = [...effects];
  for (let index = 0; index < all.length; index += 1) {
    const effect = all[index];
    if (effect?.do === 'ping') all.push(...bench.exchange.pong(effect.id, bench.at()));
  }
  return all;
}

let bench: ReturnType<typeof createBench>;
beforeEach(() => {
  bench = createBench();
  bench.open();
});

const exit = () => bench.do((of) => of.exited('s', { code: 3 }, bench.at()));

describe('opening', () => {
  it('starts a shell once, however often it is asked for, and answers each time when it runs', () => {
    expect(bench.receive(launch)).toEqual([{ do: 'tell', message: { type: 'opened', session_id: 's' } }]);
  });

  it('that fails is told with its code, and nothing is left', () => {
    bench.receive({ ...launch, session_id: 't' });
    const effects = bench.do((of) => of.refused('t', { code: 'spawn-failed', message: 'no such file' }, bench.at()));
    expect(told(effects)).toEqual([
      { type: 'refused', session_id: 't', code: 'spawn-failed', message: 'no such file' },
    ]);
    expect(bench.exchange.hello().map((session) => session.session_id)).toEqual(['s']);
  });
});

describe('output', () => {
  it('goes to who is attached, by its own offsets, from the first byte on', () => {
    bench.output(5);
    expect(outputs(bench.attach(1))).toMatchObject([{ channel: 1, offset: 0, payload: bytes(5) }]);
    bench.pass(10);
    expect(outputs(bench.output(3, 121))).toMatchObject([{ channel: 1, offset: 5, payload: bytes(3, 121) }]);
  });

  it('stops at the credit, and the shell with it: what was not read was never buffered', () => {
    bench.attach(1, { window: 10 * KIB });
    const effects = drain(bench, bench.output(10 * KIB));
    expect(reading(effects)).toEqual([false]);
    bench.pass(10);
    expect(outputs(bench.output(KIB))).toEqual([]);
    const more = bench.ack(1, 10 * KIB, 10 * KIB);
    expect(reading(more)).toEqual([true]);
    expect(outputs(more)).toHaveLength(1);
  });

  it('is read no further than 256 KiB ahead of what was sent', () => {
    bench.attach(1);
    const effects = Array.from({ length: 6 }, () => bench.output(64 * KIB)).flat();
    expect(reading(effects)).toEqual([false]);
    const sent = outputs(effects).reduce((sum, { payload }) => sum + payload.length, 0);
    expect(sent).toBeLessThan(64 * KIB);
  });

  it('that a client wants again comes again from there, and says so when it is gone', () => {
    const total = RING + 3 * EVERY;
    bench.output(total);
    const [kept] = told(bench.attach(1, { want: total - 10, from: total - 10, consumed: total - 10 }));
    expect(kept).toMatchObject({ output_offset: total - 10, modes: '', head: total });
    const [gone] = told(bench.attach(2, { want: 5, from: 5, consumed: 5 }));
    expect(gone).toMatchObject({ type: 'attached', output_offset: 4 * EVERY, oldest: 4 * EVERY });
  });

  it('for a fresh screen in view starts at a checkpoint about 1 MiB back, for one in control at the oldest', () => {
    const wide = createExchange();
    const at = { monotonic: 0, wall: 0 };
    wide.linkUp(at);
    wide.receive(launch, at);
    for (let count = 0; count < 48; count += 1) wide.output('s', bytes(64 * KIB), at);
    const from = (channel: number, mode: 'control' | 'view') => {
      const wish = { want: null, from: null, consumed: null, window: 0, ...size };
      const [message] = told(
        wide.receive({ type: 'attach', session_id: 's', channel, mode, client: 'a', ...wish }, at),
      );
      return message?.type === 'attached' ? message.output_offset : null;
    };
    expect(from(1, 'control')).toBe(0);
    expect(from(2, 'view')).toBe(2048 * KIB);
  });

  it('never waits for a viewer: one that is 1 MiB behind is moved on, and told the modes there', () => {
    const wide = createExchange();
    const at = { monotonic: 0, wall: 0 };
    wide.linkUp(at);
    wide.receive(launch, at);
    const wish = { want: 0, from: 0, consumed: 0, window: 10, ...size };
    wide.receive({ type: 'attach', session_id: 's', channel: 1, mode: 'view', ...wish }, at);
    const effects = Array.from({ length: 20 }, () => wide.output('s', bytes(64 * KIB), at)).flat();
    expect(reading(effects)).toEqual([]);
    expect(ofType(effects, 'moved')).toMatchObject([{ channel: 1, output_offset: 1024 * KIB }]);
  });

  it('that came in spite of a full ring is no silent gap: who lost bytes by it is told to attach anew', () => {
    bench.attach(1, { window: 10 });
    const effects = [...bench.output(RING), ...bench.output(64 * KIB)];
    expect(ofType(effects, 'detached')).toEqual([{ type: 'detached', channel: 1, reason: 'fault', code: 'overrun' }]);
    expect(reading(effects)).toEqual([false]);
  });
});

describe('a cut', () => {
  it('holds the shell for a minute by what was granted, then lets it run: an abandoned build is never frozen', () => {
    bench.attach(1, { window: 10 * KIB });
    drain(bench, bench.output(10 * KIB));
    bench.do((of) => of.linkLost(bench.at()));
    bench.taken();
    bench.pass(59_000);
    expect(reading(bench.taken())).toEqual([]);
    bench.pass(2000);
    expect(reading(bench.taken())).toEqual([true]);
  });

  it('loses no scrollback: all there is comes again, to the byte', () => {
    bench.attach(1, { window: 100 });
    bench.output(100);
    bench.do((of) => of.linkLost(bench.at()));
    bench.output(50, 121);
    bench.do((of) => of.linkUp(bench.at()));
    bench.pass(10);
    const effects = bench.attach(2, { want: 90, from: 90, consumed: 90 });
    const payload = Buffer.concat(outputs(effects).map((frame) => frame.payload));
    expect(payload.equals(Buffer.concat([bytes(10), bytes(50, 121)]))).toBe(true);
  });

  it('asks nothing of a socket that is not there', () => {
    bench.attach(1);
    bench.do((of) => of.linkLost(bench.at()));
    bench.taken();
    bench.output(5);
    bench.pass(100);
    expect(bench.taken()).toEqual([]);
  });

  it('and a hello tell which sessions there are, how far they went and who controlled them', () => {
    bench.attach(1);
    bench.output(7);
    expect(bench.exchange.hello()).toEqual([{ session_id: 's', output_offset: 7, client: 'a', exited: false }]);
  });
});

describe('input', () => {
  it('is written once, acknowledged after a second, and told as taken by the next attach', () => {
    bench.attach(1);
    expect(written(bench.type(1, 0, 'ls\r'))).toEqual([new TextEncoder().encode('ls\r')]);
    bench.do((of) => of.wrote('s', 3, bench.at()));
    bench.taken();
    bench.pass(1000);
    const ack = encode({ kind: 'input-ack', channel: 1, offset: 3 });
    expect(bench.taken()).toEqual([{ do: 'send', frame: ack }]);
    expect(told(bench.attach(2))).toMatchObject([{ type: 'attached', input_offset: 3 }]);
  });

  it('that is late is refused, and nothing more is taken on that channel: wake sends no stale input into a shell', () => {
    bench.attach(1);
    bench.pass(9000);
    expect(told(bench.type(1, 0, 'x', 10))).toEqual([{ type: 'detached', channel: 1, reason: 'late' }]);
    expect(bench.type(1, 1, 'y', 90)).toEqual([]);
  });

  it('with a hole closes its channel alone', () => {
    bench.attach(1);
    expect(told(bench.type(1, 5, 'x'))).toEqual([{ type: 'detached', channel: 1, reason: 'fault', code: 'input-gap' }]);
    expect(told(bench.attach(2))).toMatchObject([{ type: 'attached', channel: 2 }]);
  });

  it('of a viewer is refused', () => {
    bench.attach(1);
    bench.attach(2, { mode: 'view' });
    const effects = bench.type(2, 0, 'x');
    expect(told(effects)).toEqual([{ type: 'detached', channel: 2, reason: 'fault', code: 'not-in-control' }]);
    expect(written(effects)).toEqual([]);
  });

  it('of who lost control, still on its way, goes nowhere', () => {
    bench.attach(1);
    bench.attach(2, { client: 'b' });
    expect(bench.type(1, 0, 'x')).toEqual([]);
  });

  it('waits in the agent while the PTY is full, and goes on when there is room', () => {
    bench.attach(1);
    bench.type(1, 0, 'abc');
    expect(bench.do((of) => of.wrote('s', 1, bench.at()))).toEqual([]);
    expect(written(bench.do((of) => of.writable('s', bench.at())))).toEqual([new TextEncoder().encode('bc')]);
  });
});

describe('the size', () => {
  it('follows the client in control, and is told in its place in the stream', () => {
    bench.attach(1, { window: 10 });
    bench.output(20);
    const effects = bench.receive({ type: 'resize', channel: 1, cols: 100, rows: 30 });
    expect(effects).toContainEqual({ do: 'resize', session: 's', cols: 100, rows: 30 });
    expect(ofType(effects, 'resized')).toEqual([]);
    const later = bench.ack(1, 10, 10);
    bench.pass(10);
    expect(ofType([...later, ...bench.taken()], 'resized')).toMatchObject([{ cols: 100, rows: 30, output_offset: 20 }]);
  });

  it('is not for a viewer to change', () => {
    bench.attach(1);
    bench.attach(2, { mode: 'view' });
    expect(bench.receive({ type: 'resize', channel: 2, cols: 100, rows: 30 })).toEqual([]);
  });
});

describe('a probe', () => {
  it('restates everything, through to the PTY: a stream that looks attached and is dead is found out', () => {
    bench.attach(1);
    bench.output(7);
    bench.type(1, 0, 'ab');
    bench.do((of) => of.wrote('s', 1, bench.at()));
    const effects = bench.receive({ type: 'probe', channel: 1, cols: 90, rows: 25 });
    const restated = { sent: 7, taken: 1, received: 2, cols: 90, rows: 25 };
    expect(ofType(effects, 'probed')).toEqual([{ type: 'probed', channel: 1, ...restated }]);
  });
});

describe('the end', () => {
  it('is told after the last byte, to who is there and to who comes later', () => {
    bench.attach(1, { window: 10 });
    bench.output(20);
    expect(ofType(exit(), 'exit')).toEqual([]);
    bench.taken();
    bench.ack(1, 10, 100);
    bench.pass(10);
    const last = bench.taken();
    expect(ofType(last, 'exit')).toMatchObject([{ channel: 1, exit_code: 3, reason: 'exited', output_offset: 20 }]);
    expect(last.findLastIndex((effect) => effect.do === 'send')).toBeLessThan(
      last.findIndex((effect) => effect.do === 'tell'),
    );
    bench.attach(2, { want: 5, from: 5, consumed: 5 });
    bench.pass(10);
    expect(ofType(bench.taken(), 'exit')).toMatchObject([{ channel: 2, output_offset: 20 }]);
  });

  it('is kept for ten minutes, then all is freed', () => {
    bench.output(20);
    exit();
    bench.pass(9 * 60_000);
    expect(bench.exchange.hello()).toMatchObject([{ exited: true }]);
    bench.taken();
    bench.pass(60_001);
    expect(bench.taken()).toEqual([
      { do: 'kill', session: 's' },
      { do: 'tell', message: { type: 'ended', session_id: 's', reason: 'exited', output_offset: 20 } },
    ]);
    expect(bench.exchange.hello()).toEqual([]);
  });

  it('comes at once when the client in control closes', () => {
    const effects = bench.receive({ type: 'close', session_id: 's', reason: 'closed' });
    expect(effects).toContainEqual({ do: 'kill', session: 's' });
    expect(bench.exchange.deadline).toBe(Number.POSITIVE_INFINITY);
    expect(bench.output(5)).toEqual([]);
  });

  it('comes when nobody was attached for the time to live, and not before', () => {
    bench.attach(1);
    bench.pass(2 * 3600_000);
    expect(bench.exchange.hello()).toHaveLength(1);
    bench.receive({ type: 'detach', channel: 1 });
    bench.pass(3599_000);
    expect(bench.exchange.hello()).toHaveLength(1);
    bench.pass(1001);
    expect(bench.exchange.hello()).toHaveLength(0);
    expect(ofType(bench.taken(), 'ended')).toEqual([
      { type: 'ended', session_id: 's', reason: 'expired', output_offset: 0 },
    ]);
  });
});

describe('what breaks a rule', () => {
  it('within a channel closes that channel', () => {
    expect(told(bench.attach(1, { want: 99 }))).toEqual([
      { type: 'detached', channel: 1, reason: 'fault', code: 'offset-out-of-range' },
    ]);
    bench.attach(2);
    expect(told(bench.ack(2, 99, 10))).toEqual([
      { type: 'detached', channel: 2, reason: 'fault', code: 'offset-out-of-range' },
    ]);
  });

  it('of framing closes the socket', () => {
    expect(bench.do((of) => of.receiveFrame(new Uint8Array(3), bench.at()))).toEqual([
      { do: 'refuse', code: 'too-short' },
    ]);
    const output = encode({ kind: 'output', channel: 1, offset: 0, payload: bytes(1) });
    expect(bench.do((of) => of.receiveFrame(output, bench.at()))).toEqual([{ do: 'refuse', code: 'wrong-direction' }]);
  });

  it('or is of a session that is not there any more is answered, or crossed its end on the wire', () => {
    const wish = { want: null, from: null, consumed: null, window: 0, ...size };
    const attach = { type: 'attach', session_id: 'gone', channel: 9, mode: 'record', ...wish } as const;
    expect(told(bench.receive(attach))).toEqual([{ type: 'unknown-session', session_id: 'gone', channel: 9 }]);
    expect(bench.type(9, 0, 'x')).toEqual([]);
    expect(bench.receive({ type: 'detach', channel: 9 })).toEqual([]);
  });
});

describe('whatever is asked of it, in any order,', () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constant('attach' as const),
      mode: fc.constantFrom('control' as const, 'view' as const, 'record' as const),
      client: fc.constantFrom('a', 'b'),
    }),
    fc.record({
      do: fc.constantFrom(
        'detach' as const,
        'lost' as const,
        'up' as const,
        'exit' as const,
        'close' as const,
        'open' as const,
      ),
    }),
    fc.record({ do: fc.constant('output' as const), count: fc.nat(100 * KIB) }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 100, 60_000, 600_000, 3_600_000) }),
  );

  it('frees a shell exactly once, at its end', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const one = createBench();
        one.open();
        let starts = 1;
        let kills = 0;
        let channel = 0;
        for (const each of steps) {
          if (each.do === 'attach') one.attach((channel += 1), { mode: each.mode, client: each.client });
          else if (each.do === 'output') one.output(each.count);
          else if (each.do === 'pass') one.pass(each.ms);
          else plain(one, each.do, channel);
          const taken = one.taken();
          starts += taken.filter((effect) => effect.do === 'start').length;
          kills += taken.filter((effect) => effect.do === 'kill').length;
          expect(starts - kills).toBe(one.exchange.hello().length);
        }
      }),
    );
  });
});

function plain(
  one: ReturnType<typeof createBench>,
  what: 'detach' | 'lost' | 'up' | 'exit' | 'close' | 'open',
  channel: number,
): void {
  switch (what) {
    case 'detach':
      one.receive({ type: 'detach', channel });
      return;
    case 'lost':
      one.do((of) => of.linkLost(one.at()));
      return;
    case 'up':
      one.do((of) => of.linkUp(one.at()));
      return;
    case 'exit':
      one.do((of) => of.exited('s', { code: 0 }, one.at()));
      return;
    case 'close':
      one.receive({ type: 'close', session_id: 's', reason: 'closed' });
      return;
    case 'open':
      one.receive(launch);
  }
}
