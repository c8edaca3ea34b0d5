/** The broker: who controls, who waits, what the agent is told, and what is forwarded as it is. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type FromAgent,
  type FromClient,
  NO_LIMIT,
  type ToAgent,
  type ToClient,
} from '../../../protocol/wire/control.ts';
import { decode, encode, type Frame } from '../../../protocol/wire/frame.ts';
import { RECORDER_WINDOW } from '../recordings/recording.ts';
import {
  type Attach,
  type Broker,
  type Connection,
  createBroker,
  type Effects,
  type Open,
  type Reported,
} from './broker.ts';

const size = { cols: 80, rows: 24 };
const open: Open = {
  type: 'open',
  session_id: 's',
  user_id: 'u',
  username: 'anna',
  source: 'test',
  machine_role: 'non-sudo',
  ttl_s: 3600,
  ...size,
};
const attach = (client: string, more: Partial<Attach> = {}): Attach => {
  const wish = { mode: 'control', want: null, consumed: null, window: 1000, ...size } as const;
  return { type: 'attach', n: 1, session_id: 's', client, ...wish, ...more };
};
const reported = (more: Partial<Reported['session']> = {}, verdict: Reported['verdict'] = 'keep'): Reported => ({
  session: { session_id: 's', output_offset: 100, client: 'a', exited: false, ...more },
  verdict,
  recorded: null,
});

const toAgent = (effects: Effects): ToAgent[] =>
  effects.flatMap((each) => (each.do === 'tell-agent' ? [each.message] : []));
const attaches = (effects: Effects) =>
  toAgent(effects).flatMap((message) => (message.type === 'attach' ? [message] : []));
const toClient = (effects: Effects, to: Connection): ToClient[] =>
  effects.flatMap((each) => (each.do === 'tell-client' && each.to === to ? [each.message] : []));
const framesToAgent = (effects: Effects): Frame[] =>
  effects.flatMap((each) => {
    const decoded = each.do === 'frame-to-agent' ? decode(each.frame) : null;
    return decoded?.ok ? [decoded.frame] : [];
  });
const framesTo = (effects: Effects, to: Connection): Uint8Array[] =>
  effects.flatMap((each) => (each.do === 'frame-to-client' && each.to === to ? [each.frame] : []));
const ended = (effects: Effects) => effects.filter((each) => each.do === 'session-ended');

/** A broker whose agent answers each attach by itself. */
function createBench({ records } = { records: false }) {
  const broker: Broker = createBroker({ records });
  let now = 0;
  let done: Effects = [];
  let head = 100;
  const did = (effects: Effects): Effects => {
    done = [...done, ...effects];
    return effects;
  };
  const bench = {
    broker,
    get now() {
      return now;
    },
    pass(ms: number): void {
      now += ms;
    },
    set head(bytes: number) {
      head = bytes;
    },
    do: (act: (of: Broker) => Effects) => did(act(broker)),
    connect: () => broker.connect(),
    attach: (connection: Connection, message: Attach, owner = true) =>
      did(broker.attach(connection, message, owner, now)),
    /** What the agent answers to the attaches among these. */
    confirm(effects: Effects): Effects {
      return attaches(effects).flatMap((message) => bench.fromAgent(answer(message, head)));
    },
    /** Attached, and confirmed by the agent. Gives its channel. */
    attached(connection: Connection, message: Attach, owner = true): number {
      const effects = bench.attach(connection, message, owner);
      bench.confirm(effects);
      return attaches(effects)[0]?.channel ?? 0;
    },
    fromAgent: (message: Parameters<Broker['receiveFromAgent']>[0]) => did(broker.receiveFromAgent(message, now)),
    output: (channel: number, offset: number, payload: Uint8Array) =>
      did(broker.receiveFrameFromAgent(encode({ kind: 'output', channel, offset, payload }), now)),
    fromClient: (connection: Connection, message: Exclude<FromClient, { type: 'open' | 'attach' }>) =>
      did(broker.receive(connection, message, now)),
    frame: (connection: Connection, frame: Frame) => did(broker.receiveFrame(connection, encode(frame), now)),
    ready: (sessions: readonly Reported[] = []) => did(broker.agentReady(sessions, now)),
    lost: () => did(broker.agentLost(now)),
    taken(): Effects {
      const taken = done;
      done = [];
      return taken;
    },
  };
  return bench;
}
function answer(message: Extract<ToAgent, { type: 'attach' }>, head: number): Extract<FromAgent, { type: 'attached' }> {
  const at = { output_offset: message.want ?? message.from ?? 0, oldest: 0, head, input_offset: 0, answered_offset: 0 };
  return { type: 'attached', channel: message.channel, ...at, modes: '', cols: message.cols, rows: message.rows };
}

let bench: ReturnType<typeof createBench>;
beforeEach(() => {
  bench = createBench();
  bench.ready([reported()]);
  bench.pass(61_000);
  bench.taken();
});

describe('opening', () => {
  it('asks the agent once, however many ask, and tells them all when the shell runs', () => {
    const [one, two] = [bench.connect(), bench.connect()];
    const fresh = { ...open, session_id: 't' };
    expect(toAgent(bench.do((of) => of.open(one, fresh, 0)))).toEqual([fresh]);
    expect(toAgent(bench.do((of) => of.open(two, fresh, 0)))).toEqual([]);
    const effects = bench.fromAgent({ type: 'opened', session_id: 't' });
    expect(effects).toContainEqual({ do: 'session-opened', session: 't' });
    expect(attaches(effects)).toMatchObject([{ session_id: 't', mode: 'record', from: 0, window: NO_LIMIT }]);
    for (const each of [one, two]) expect(toClient(effects, each)).toEqual([{ type: 'opened', session_id: 't' }]);
  });

  it('of what is there already is answered at once: never two shells for one wish', () => {
    const one = bench.connect();
    const effects = bench.do((of) => of.open(one, open, 0));
    expect(toClient(effects, one)).toEqual([{ type: 'opened', session_id: 's' }]);
    expect(toAgent(effects)).toEqual([]);
  });

  it('that the agent refuses is told with its code', () => {
    const one = bench.connect();
    bench.do((of) => of.open(one, { ...open, session_id: 't' }, 0));
    const effects = bench.fromAgent({ type: 'refused', session_id: 't', code: 'role-not-enforceable' });
    expect(toClient(effects, one)).toMatchObject([{ type: 'error', code: 'role-not-enforceable' }]);
    expect(effects).toContainEqual({ do: 'session-refused', session: 't', code: 'role-not-enforceable' });
  });

  it('while the agent is away is refused, but what was asked before its loss is asked again', () => {
    const [one, two] = [bench.connect(), bench.connect()];
    const fresh = { ...open, session_id: 't' };
    bench.do((of) => of.open(one, fresh, 0));
    bench.lost();
    const late = bench.do((of) => of.open(two, { ...open, session_id: 'x' }, 0));
    expect(toClient(late, two)).toMatchObject([{ type: 'error', code: 'machine-offline' }]);
    expect(toAgent(bench.ready([reported()]))).toContainEqual(fresh);
  });

  it('whose answer was lost with the socket is known by the next hello', () => {
    const one = bench.connect();
    bench.do((of) => of.open(one, { ...open, session_id: 't' }, 0));
    bench.lost();
    const effects = bench.ready([reported(), reported({ session_id: 't' })]);
    expect(toClient(effects, one)).toContainEqual({ type: 'opened', session_id: 't' });
  });
});

describe('control', () => {
  it('goes to the owner who asks, when the agent has confirmed it', () => {
    const one = bench.connect();
    const asked = bench.attach(one, attach('a', { want: 40, consumed: 30 }));
    expect(attaches(asked)).toMatchObject([
      { mode: 'control', client: 'a', want: 40, from: 40, consumed: 30, window: 1000 },
    ]);
    expect(toClient(asked, one)).toEqual([]);
    expect(toClient(bench.confirm(asked), one)).toMatchObject([
      { type: 'attached', n: 1, mode: 'control', output_offset: 40, truncated: 0 },
    ]);
  });

  it('is never given to who is not the owner', () => {
    const one = bench.connect();
    expect(attaches(bench.attach(one, attach('b', { take: true }), false))).toMatchObject([{ mode: 'view' }]);
  });

  it('is not taken from another client by a program: it views', () => {
    bench.attached(bench.connect(), attach('a'));
    expect(attaches(bench.attach(bench.connect(), attach('b')))).toMatchObject([{ mode: 'view' }]);
  });

  it('is taken by a person, and the loser is told when the agent has confirmed the winner, not before', () => {
    const [one, two] = [bench.connect(), bench.connect()];
    bench.attached(one, attach('a', { n: 7 }));
    const asked = bench.attach(two, attach('b', { take: true }));
    expect(toClient(asked, one)).toEqual([]);
    const confirmed = bench.confirm(asked);
    expect(toClient(confirmed, one)).toEqual([{ type: 'detached', n: 7, reason: 'taken' }]);
    expect(toClient(confirmed, two)).toMatchObject([{ type: 'attached', mode: 'control' }]);
  });

  it('that is taken by two in a row leaves nobody untold', () => {
    const [one, two, three] = [bench.connect(), bench.connect(), bench.connect()];
    bench.attached(one, attach('a'));
    bench.attach(two, attach('b', { take: true }));
    const confirmed = bench.confirm(bench.attach(three, attach('c', { take: true })));
    expect(toClient(confirmed, one)).toMatchObject([{ type: 'detached', reason: 'taken' }]);
    expect(toClient(confirmed, two)).toMatchObject([{ type: 'detached', reason: 'taken' }]);
  });

  it('whose taker is gone before the agent confirmed it still costs the loser, who is told', () => {
    const [one, two] = [bench.connect(), bench.connect()];
    bench.attached(one, attach('a'));
    const asked = bench.attach(two, attach('b', { take: true }));
    bench.do((of) => of.disconnected(two, 0));
    expect(toClient(bench.confirm(asked), one)).toMatchObject([{ type: 'detached', reason: 'taken' }]);
  });

  it('is kept for a minute for who lost its socket, then free for another of the owner', () => {
    const one = bench.connect();
    bench.attached(one, attach('a'));
    bench.do((of) => of.disconnected(one, bench.now));
    bench.pass(59_000);
    expect(attaches(bench.attach(bench.connect(), attach('b')))).toMatchObject([{ mode: 'view' }]);
    bench.pass(2000);
    expect(attaches(bench.attach(bench.connect(), attach('c')))).toMatchObject([{ mode: 'control' }]);
  });

  it('is known from hello after a restart of the service', () => {
    const restarted = createBench();
    restarted.ready([reported({ client: 'a' })]);
    expect(attaches(restarted.attach(restarted.connect(), attach('b')))).toMatchObject([{ mode: 'view' }]);
    expect(attaches(restarted.attach(restarted.connect(), attach('a')))).toMatchObject([{ mode: 'control' }]);
  });
});

describe('a newer socket of a client', () => {
  it('closes its older one, unread', () => {
    const [one, two] = [bench.connect(), bench.connect()];
    bench.attached(one, attach('a'));
    const effects = bench.attach(two, attach('a', { n: 2 }));
    expect(effects).toContainEqual({ do: 'close-client', connection: one, code: 4409, reason: 'newer-socket' });
    expect(bench.frame(one, { kind: 'input', channel: 0, offset: 0, typedAt: 0, payload: Uint8Array.of(1) })).toEqual(
      [],
    );
    expect(bench.attach(one, attach('a', { n: 3, take: true }))).toEqual([]);
  });
});

describe('output', () => {
  it('is forwarded in the very bytes it came in, on channel 0', () => {
    const one = bench.connect();
    const channel = bench.attached(one, attach('a', { want: 0, consumed: 0 }));
    const frame = encode({ kind: 'output', channel, offset: 0, payload: Uint8Array.of(1, 2, 3) });
    const [forwarded] = framesTo(
      bench.do((of) => of.receiveFrameFromAgent(frame, 0)),
      one,
    );
    expect(forwarded).toBe(frame);
    expect(decode(frame)).toMatchObject({ ok: true, frame: { channel: 0, offset: 0 } });
  });

  it('below what a client has is not sent to it again', () => {
    const one = bench.connect();
    const channel = bench.attached(one, attach('a', { want: 10, consumed: 10 }));
    expect(framesTo(bench.output(channel, 0, new Uint8Array(10)), one)).toEqual([]);
    const [part] = framesTo(bench.output(channel, 8, Uint8Array.of(8, 9, 10, 11)), one);
    expect(part && decode(part)).toMatchObject({ ok: true, frame: { offset: 10, payload: Uint8Array.of(10, 11) } });
  });

  it('of a channel that was closed crossed that on the wire, and is ignored', () => {
    const one = bench.connect();
    const channel = bench.attached(one, attach('a'));
    bench.attached(one, attach('a', { n: 2 }));
    expect(bench.output(channel, 0, Uint8Array.of(1))).toEqual([]);
  });

  it('beyond what was granted closes the channel: a hostile agent fills no buffer here', () => {
    const one = bench.connect();
    const channel = bench.attached(one, attach('a', { want: 0, consumed: 0, window: 5 }));
    const effects = bench.output(channel, 0, new Uint8Array(6));
    expect(framesTo(effects, one)).toEqual([]);
    expect(toClient(effects, one)).toEqual([{ type: 'detached', n: 1, reason: 'fault', code: 'window-exceeded' }]);
  });

  it('states how much of what a client wanted is gone', () => {
    const one = bench.connect();
    const [asked] = attaches(bench.attach(one, attach('a', { want: 10, consumed: 10 })));
    const effects = bench.fromAgent({ ...answer(asked ?? never(), 100), output_offset: 64 });
    expect(toClient(effects, one)).toMatchObject([{ type: 'attached', output_offset: 64, truncated: 54 }]);
  });
});

describe('credit', () => {
  it('goes on to the agent as the client states it', () => {
    const one = bench.connect();
    const channel = bench.attached(one, attach('a', { want: 0, consumed: 0 }));
    bench.output(channel, 0, new Uint8Array(50));
    const effects = bench.frame(one, { kind: 'output-ack', channel: 0, offset: 50, window: 300 });
    expect(framesToAgent(effects)).toEqual([{ kind: 'output-ack', channel, offset: 50, window: 300 }]);
    expect(bench.frame(one, { kind: 'output-ack', channel: 0, offset: 50, window: 300 })).toEqual([]);
  });

  it('counts from where a fresh screen begins', () => {
    const one = bench.connect();
    const channel = bench.attached(one, attach('a', { window: 5 }));
    expect(framesTo(bench.output(channel, 0, new Uint8Array(5)), one)).toHaveLength(1);
  });

  it('of who is gone is taken back: the agent is told, and nobody holds the shell', () => {
    const one = bench.connect();
    const channel = bench.attached(one, attach('a'));
    const effects = bench.do((of) => of.disconnected(one, 0));
    expect(toAgent(effects)).toEqual([{ type: 'detach', channel }]);
    expect(framesToAgent(effects)).toEqual([{ kind: 'output-ack', channel, offset: 0, window: NO_LIMIT }]);
  });

  it('for bytes that were never sent is a fault', () => {
    const one = bench.connect();
    bench.attached(one, attach('a', { want: 0, consumed: 0 }));
    const effects = bench.frame(one, { kind: 'output-ack', channel: 0, offset: 1, window: 300 });
    expect(toClient(effects, one)).toMatchObject([{ type: 'detached', reason: 'fault', code: 'offset-out-of-range' }]);
  });

  it('is stated anew by a probe, which the agent answers', () => {
    const one = bench.connect();
    const channel = bench.attached(one, attach('a', { want: 0, consumed: 0 }));
    const effects = bench.fromClient(one, { type: 'probe', consumed: 0, window: 1000, ...size });
    expect(framesToAgent(effects)).toHaveLength(1);
    expect(toAgent(effects)).toEqual([{ type: 'probe', channel, ...size }]);
    const restated = { sent: 1, taken: 2, received: 3, ...size };
    expect(toClient(bench.fromAgent({ type: 'probed', channel, ...restated }), one)).toEqual([
      { type: 'probed', ...restated },
    ]);
  });
});

describe('input', () => {
  const typed = { kind: 'input', channel: 0, offset: 3, typedAt: 9, payload: Uint8Array.of(65) } as const;

  it('goes to the agent in the very bytes it came in, on the channel of its session', () => {
    const one = bench.connect();
    const channel = bench.attached(one, attach('a'));
    expect(framesToAgent(bench.frame(one, typed))).toEqual([{ ...typed, channel }]);
    const ack = encode({ kind: 'input-ack', channel, offset: 4 });
    expect(
      framesTo(
        bench.do((of) => of.receiveFrameFromAgent(ack, 0)),
        one,
      ),
    ).toEqual([ack]);
  });

  it.each(['before the agent confirmed', 'of a viewer', 'of who lost control'])('%s goes nowhere', (when) => {
    const [one, two] = [bench.connect(), bench.connect()];
    if (when === 'before the agent confirmed') bench.attach(one, attach('a'));
    else bench.attached(one, attach('a', { mode: when === 'of a viewer' ? 'view' : 'control' }));
    if (when === 'of who lost control') bench.attach(two, attach('b', { take: true }));
    expect(bench.frame(one, typed)).toEqual([]);
  });

  it('that the agent found late costs the attachment, and the client is told why', () => {
    const one = bench.connect();
    const channel = bench.attached(one, attach('a', { n: 4 }));
    const effects = bench.fromAgent({ type: 'detached', channel, reason: 'late' });
    expect(toClient(effects, one)).toEqual([{ type: 'detached', n: 4, reason: 'late' }]);
    expect(attaches(effects)).toMatchObject([{ mode: 'record', window: NO_LIMIT }]);
  });
});

describe('an agent that goes away', () => {
  it('costs the attached their attachment, and lets the others wait, told once each', () => {
    const [one, two] = [bench.connect(), bench.connect()];
    bench.attached(one, attach('a', { n: 3 }));
    bench.attach(two, attach('b', { n: 8 }));
    const effects = bench.lost();
    expect(toClient(effects, one)).toEqual([{ type: 'detached', n: 3, reason: 'agent-away' }]);
    expect(toClient(effects, two)).toEqual([{ type: 'waiting', n: 8 }]);
    expect(toClient(bench.attach(one, attach('a', { n: 4, want: 5, consumed: 5 })), one)).toEqual([
      { type: 'waiting', n: 4 },
    ]);
    const back = bench.ready([reported()]);
    expect(attaches(back)).toMatchObject([
      { mode: 'record', from: 100 },
      { mode: 'view' },
      { mode: 'control', want: 5 },
    ]);
  });

  it('and comes back does not make an owner of who only views', () => {
    const one = bench.connect();
    bench.attach(one, attach('b'), false);
    bench.lost();
    bench.pass(120_000);
    expect(attaches(bench.ready([reported()]))).toMatchObject([{ mode: 'record' }, { mode: 'view' }]);
  });

  it('and comes back without a session has lost it: it is ended, and who waits for it is told', () => {
    const one = bench.connect();
    bench.lost();
    bench.attach(one, attach('a'));
    const effects = bench.ready([]);
    expect(ended(effects)).toEqual([{ do: 'session-ended', session: 's', reason: 'agent-gone', exitCode: null }]);
    expect(toClient(effects, one)).toMatchObject([{ type: 'error', code: 'session-ended', reason: 'agent-gone' }]);
  });

  it('and comes back with one that was ended meanwhile, or never stored, is told to close it: no zombie sessions', () => {
    bench.lost();
    const effects = bench.ready([reported({}, 'revoked'), reported({ session_id: 'x' }, 'closed')]);
    expect(toAgent(effects)).toEqual([
      { type: 'close', session_id: 's', reason: 'revoked' },
      { type: 'close', session_id: 'x', reason: 'closed' },
    ]);
  });
});

describe('the end of a session', () => {
  it('by its shell is stored, and told after its last byte; it can still be attached', () => {
    const one = bench.connect();
    const channel = bench.attached(one, attach('a'));
    const exit = { exit_code: 3, reason: 'exited', output_offset: 100 } as const;
    const effects = bench.fromAgent({ type: 'exit', channel, ...exit });
    expect(ended(effects)).toEqual([{ do: 'session-ended', session: 's', reason: 'exited', exitCode: 3 }]);
    expect(toClient(effects, one)).toEqual([{ type: 'exit', ...exit }]);
    expect(attaches(bench.attach(bench.connect(), attach('a', { n: 2 })))).toMatchObject([{ mode: 'control' }]);
  });

  it('is for the client in control to ask for, and everybody is told', () => {
    const [one, two] = [bench.connect(), bench.connect()];
    bench.attached(one, attach('a'));
    bench.attached(two, attach('b'));
    expect(bench.fromClient(two, { type: 'close' })).toEqual([]);
    const effects = bench.fromClient(one, { type: 'close' });
    expect(toAgent(effects)).toEqual([{ type: 'close', session_id: 's', reason: 'closed' }]);
    expect(ended(effects)).toHaveLength(1);
    for (const each of [one, two])
      expect(toClient(effects, each)).toMatchObject([{ code: 'session-ended', reason: 'closed' }]);
  });

  it('by an admin reaches everybody', () => {
    const one = bench.connect();
    bench.attached(one, attach('a'));
    const effects = bench.do((of) => of.end('s', 'revoked', 0));
    expect(toAgent(effects)).toEqual([{ type: 'close', session_id: 's', reason: 'revoked' }]);
    expect(toClient(effects, one)).toMatchObject([{ type: 'error', code: 'session-ended', reason: 'revoked' }]);
    expect(toClient(bench.attach(one, attach('a', { n: 2 })), one)).toMatchObject([{ code: 'session-ended' }]);
  });

  it('that the agent tells is stored', () => {
    const effects = bench.fromAgent({ type: 'ended', session_id: 's', reason: 'expired' });
    expect(ended(effects)).toEqual([{ do: 'session-ended', session: 's', reason: 'expired', exitCode: null }]);
    expect(ended(bench.fromAgent({ type: 'ended', session_id: 's', reason: 'expired' }))).toEqual([]);
  });
});

describe('presence', () => {
  it('is told when it changes: whether somebody is attached, and the size', () => {
    const one = bench.connect();
    bench.attach(one, attach('a'));
    const present = bench.taken().filter((each) => each.do === 'session-changed');
    expect(present).toEqual([{ do: 'session-changed', session: 's', attached: true, ...size }]);
    bench.do((of) => of.disconnected(one, 0));
    const absent = bench.taken().filter((each) => each.do === 'session-changed');
    expect(absent).toEqual([{ do: 'session-changed', session: 's', attached: false, ...size }]);
  });
});

describe('what breaks a rule', () => {
  it("of framing closes the client's socket, with a code", () => {
    const one = bench.connect();
    const effects = bench.do((of) => of.receiveFrame(one, new Uint8Array(3), 0));
    expect(toClient(effects, one)).toMatchObject([{ type: 'error', code: 'bad-frame' }]);
    expect(effects).toContainEqual({ do: 'close-client', connection: one, code: 1008, reason: 'bad-frame' });
  });

  it.each([
    ['a channel that is not its own', { kind: 'output-ack', channel: 5, offset: 0, window: 1 }, 'wrong-channel'],
    ['output', { kind: 'output', channel: 0, offset: 0, payload: Uint8Array.of(1) }, 'wrong-direction'],
  ] as const)('as %s closes the attachment of a client, and nothing else', (_name, frame, code) => {
    const one = bench.connect();
    bench.attached(one, attach('a'));
    expect(toClient(bench.frame(one, frame), one)).toEqual([{ type: 'detached', n: 1, reason: 'fault', code }]);
    expect(toClient(bench.confirm(bench.attach(one, attach('a', { n: 2 }))), one)).toMatchObject([
      { type: 'attached' },
    ]);
  });

  it.each([
    ['an unreadable frame', new Uint8Array(2), 'too-short'],
    [
      'input',
      encode({ kind: 'input', channel: 1, offset: 0, typedAt: 0, payload: Uint8Array.of(1) }),
      'wrong-direction',
    ],
    ['a channel that was never given', encode({ kind: 'input-ack', channel: 99, offset: 0 }), 'wrong-channel'],
  ])("as %s closes the agent's socket", (_name, bytes, code) => {
    expect(bench.do((of) => of.receiveFrameFromAgent(bytes, 0))).toEqual([{ do: 'refuse-agent', code }]);
  });
});

function never(): never {
  throw new Error('There was no attach.');
}

const WINDOW = RECORDER_WINDOW;
const told = (effects: Effects) => effects.flatMap((each) => (each.do === 'record' ? [each.what] : []));
const credit = (effects: Effects) =>
  framesToAgent(effects).flatMap((frame) =>
    frame.kind === 'output-ack' ? [{ consumed: frame.offset, window: frame.window }] : [],
  );
const text = new TextEncoder().encode('output');
/** Recorded up to byte 40, where the agent has 100. */
const start = (recorded: number | null = 40) => {
  bench = createBench({ records: true });
  return bench.ready([{ ...reported(), recorded }]);
};

describe('a recorder', () => {
  it('has each new session from its first byte on', () => {
    bench = createBench({ records: true });
    bench.ready();
    const one = bench.connect();
    bench.do((of) => of.open(one, { ...open, session_id: 't' }, 0));
    const effects = bench.fromAgent({ type: 'opened', session_id: 't' });
    expect(told(effects)).toEqual([{ is: 'opened', ...size }]);
    expect(attaches(effects)).toMatchObject([{ mode: 'record', from: 0, consumed: null, window: WINDOW }]);
  });

  it('goes on where its recording ends, and is told all that comes', () => {
    const effects = start();
    expect(attaches(effects)).toMatchObject([{ mode: 'record', from: 40, window: WINDOW }]);
    expect(told(bench.confirm(effects))).toEqual([{ is: 'resized', ...size }]);
    const channel = attaches(effects)[0]?.channel ?? 0;
    expect(told(bench.output(channel, 40, text))).toEqual([{ is: 'output', offset: 40, bytes: text }]);
  });

  it('gets what it lacks beside a client that lacks less, and the client gets none of it', () => {
    start();
    const one = bench.connect();
    const effects = bench.attach(one, attach('a', { want: 100, consumed: 100 }));
    expect(attaches(effects)).toMatchObject([{ mode: 'control', want: 100, from: 40 }]);
    bench.confirm(effects);
    const output = bench.output(attaches(effects)[0]?.channel ?? 0, 40, text);
    expect(told(output)).toMatchObject([{ offset: 40 }]);
    expect(framesTo(output, one)).toEqual([]);
  });

  it('holds the shell with the client: the lower of both counts', () => {
    start();
    const one = bench.connect();
    bench.attached(one, attach('a', { want: 40, consumed: 40, window: 2 * WINDOW }));
    bench.taken();
    const grant = (consumed: number) => bench.do((of) => of.recorderGranted('s', { consumed, window: WINDOW }));
    expect(credit(grant(80))).toEqual([{ consumed: 40, window: 40 + WINDOW }]);
    expect(credit(grant(5_000_000))).toEqual([{ consumed: 40, window: 2 * WINDOW }]);
    expect(credit(bench.do((of) => of.recorderGranted('s', null)))).toEqual([]);
  });

  it('holds it alone when nobody else does, and lets go of it', () => {
    const effects = start();
    bench.confirm(effects);
    expect(credit(bench.do((of) => of.recorderGranted('s', { consumed: 90, window: WINDOW })))).toEqual([
      { consumed: 90, window: WINDOW },
    ]);
    expect(credit(bench.do((of) => of.recorderGranted('s', null)))).toEqual([{ consumed: 0, window: NO_LIMIT }]);
  });

  it('does not wait for what nobody has any more', () => {
    const [asked] = attaches(start());
    if (!asked) throw new Error('nothing was asked for');
    const effects = bench.fromAgent({ ...answer(asked, 5_000_000), output_offset: 4_000_000, oldest: 4_000_000 });
    expect(credit(effects)).toEqual([{ consumed: 4_000_000, window: WINDOW }]);
  });

  it('is told the end with the last byte, once', () => {
    const effects = start();
    bench.confirm(effects);
    const channel = attaches(effects)[0]?.channel ?? 0;
    const exit = { type: 'exit', channel, exit_code: 0, reason: 'exited', output_offset: 100 } as const;
    expect(told(bench.fromAgent(exit))).toEqual([{ is: 'ended', offset: 100 }]);
    expect(told(bench.fromAgent({ type: 'ended', session_id: 's', reason: 'exited', output_offset: 100 }))).toEqual([]);
  });

  it('takes what was under way when a session is ended, until the agent says that it was all', () => {
    const effects = start();
    bench.confirm(effects);
    const channel = attaches(effects)[0]?.channel ?? 0;
    expect(told(bench.do((of) => of.end('s', 'terminated', 0)))).toEqual([]);
    expect(told(bench.output(channel, 40, text))).toMatchObject([{ is: 'output', offset: 40 }]);
    const last = bench.fromAgent({ type: 'ended', session_id: 's', reason: 'terminated', output_offset: 46 });
    expect(told(last)).toEqual([{ is: 'ended', offset: 46 }]);
    expect(ended(last)).toEqual([]);
    expect(told(bench.output(channel, 46, text))).toEqual([]);
  });

  it('learns that nobody knows the end when the agent is lost before it said so', () => {
    bench.confirm(start());
    bench.do((of) => of.end('s', 'terminated', 0));
    expect(told(bench.lost())).toEqual([{ is: 'ended', offset: null }]);
  });

  it('takes no place where the store says that nothing is recorded', () => {
    expect(attaches(start(null))).toMatchObject([{ mode: 'record', from: 100, window: NO_LIMIT }]);
  });
});
