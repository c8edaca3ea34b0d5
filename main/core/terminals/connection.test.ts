import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toWindow, type ToWindow } from '../../../protocol/bridge/terminal.ts';
import type { CarrierPort } from '../../host/host.ts';
import { fakeDial } from '../api/fake-dial.ts';
import { fakeLog } from '../fake-log.ts';
import { apiFailure } from '../outcome.ts';
import { connect } from './connection.ts';

const AGENT = '6f1c1f5e-5f0e-4a64-9b0e-1f2a3b4c5d6e';
const SESSION = '7f1c1f5e-5f0e-4a64-9b0e-1f2a3b4c5d6e';

interface FakePort extends CarrierPort {
  readonly told: readonly ToWindow[];
  readonly closed: boolean;
  say(message: string | Uint8Array): void;
  leave(): void;
}
function fakePort(): FakePort {
  const told: ToWindow[] = [];
  let hear: ((message: string | Uint8Array) => void) | null = null;
  let onClosed: (() => void) | null = null;
  let closed = false;
  return {
    told,
    get closed() {
      return closed;
    },
    post(message) {
      if (typeof message === 'string') told.push(toWindow.parse(JSON.parse(message)));
    },
    onMessage(listener) {
      hear = listener;
    },
    onClose(listener) {
      onClosed = listener;
    },
    close() {
      closed = true;
    },
    say: (message) => hear?.(message),
    leave: () => onClosed?.(),
  };
}

function setUp(given: { readonly framed?: boolean } = {}) {
  const net = fakeDial();
  const events: unknown[][] = [];
  const connection = connect({
    owner: { address: 'https://backend.example', token: () => 'token-1', tokenRefused: () => Promise.resolve(false) },
    agentId: AGENT,
    dial: net.dial,
    now: Date.now,
    backoff: () => 1000,
    wish: { client: 'c-1', session: { sessionId: SESSION, take: false }, cols: 80, rows: 24 },
    dialects: {
      isFramed: () => given.framed ?? false,
      sawFramed: () => events.push(['framed']),
      sawPlain: () => events.push(['plain']),
    },
    moment: () => ({ monotonic: performance.now(), wall: Date.now() }),
    log: fakeLog(),
    told: {
      phase: (phase) => events.push(['phase', phase.at]),
      trouble: (trouble) => events.push(['trouble', trouble?.failure.code ?? null]),
      denied: (failure) => events.push(['denied', failure.code]),
      session: (id) => events.push(['session', id]),
    },
  });
  const port = fakePort();
  connection.openPort(port);
  return { net, events, connection, port };
}
const attach = JSON.stringify({ type: 'attach', consumed: null, cols: 80, rows: 24 });

describe('a connection', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks for its session in the framed dialect as soon as the socket is open and a window is there', () => {
    const { net, events, port } = setUp();
    net.last.open();
    port.say(attach);
    const asked = net.last.sent.find((message) => typeof message === 'string' && message.includes('"attach"'));
    expect(JSON.parse(String(asked))).toMatchObject({ type: 'attach', session_id: SESSION, client: 'c-1' });
    expect(events).toContainEqual(['framed']);
  });

  it('with a server that selects nothing goes on in the plain dialect, with a port that begins anew', () => {
    const { net, events, port } = setUp();
    net.last.selectNothing();
    expect(port.closed).toBe(true);
    expect(events).toContainEqual(['plain']);
    expect(net.last.options.subprotocols).toEqual([]);
    expect(net.last.options.path).toContain(`session_id=${SESSION}`);
  });

  it('never falls back to plain where framed was spoken before: somebody may want just that', () => {
    const { net, events } = setUp({ framed: true });
    net.last.selectNothing();
    expect(events.at(-1)).toEqual(['trouble', 'not-understood']);
    vi.advanceTimersByTime(1000);
    expect(net.last.options.subprotocols).toEqual(['webxterm.v1']);
    expect(events).not.toContainEqual(['plain']);
  });

  it.each(['nonsense', '{"type":"attached"}', '{"type":"unheard-of"}'])(
    'that hears %s leaves the socket and tries again later',
    (message) => {
      const { net, events } = setUp();
      net.last.open();
      const [first] = net.sockets;
      net.last.say(message);
      expect(first?.left).toBe(true);
      expect(events.at(-1)).toEqual(['trouble', 'not-understood']);
      expect(net.sockets.length).toBe(1);
      vi.advanceTimersByTime(1000);
      expect(net.sockets.length).toBe(2);
    },
  );

  it('closes the port of a window that speaks nonsense, and takes the next', () => {
    const { connection, port } = setUp();
    port.say('{"type":"attach"}');
    expect(port.closed).toBe(true);
    const next = fakePort();
    connection.openPort(next);
    expect(next.told).toEqual([{ type: 'ready' }]);
  });

  it('belongs to the newest window: the older port is closed and heard no more', () => {
    const { net, connection, port } = setUp();
    net.last.open();
    const newer = fakePort();
    connection.openPort(newer);
    expect(port.closed).toBe(true);
    const before = net.last.sent.length;
    port.say(attach);
    port.leave();
    expect(net.last.sent.length).toBe(before);
    expect(newer.closed).toBe(false);
  });

  it('frozen after sleep: on waking it dials at once, whether it was open, waiting or being dialled', () => {
    const { net, connection } = setUp();
    net.last.open();
    connection.reconnect();
    expect(net.sockets.length).toBe(2);
    connection.reconnect();
    expect(net.sockets.length).toBe(3);
    net.last.lose();
    connection.reconnect();
    expect(net.sockets.length).toBe(4);
  });

  it('tells access that was lost, and does not come back by itself', () => {
    const { net, events } = setUp();
    net.last.open();
    net.last.close(4403);
    expect(events.at(-1)).toEqual(['denied', 'role-too-low']);
    vi.advanceTimersByTime(600_000);
    expect(net.sockets.length).toBe(1);
  });

  it('tells why it waits, and that it no longer does', () => {
    const { net, events } = setUp();
    net.last.refuse(503, apiFailure('not-ready'));
    expect(events.at(-1)).toEqual(['trouble', 'not-ready']);
    vi.advanceTimersByTime(1000);
    net.last.open();
    expect(events.filter(([what]) => what === 'trouble').at(-1)).toEqual(['trouble', null]);
  });

  it('leaves nothing behind when it is let go of', () => {
    const { net, connection, port } = setUp();
    net.last.open();
    port.say(attach);
    connection.dispose();
    expect(net.last.left).toBe(true);
    expect(port.closed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
