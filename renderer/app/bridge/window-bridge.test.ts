import { describe, expect, it, vi } from 'vitest';
import type { EventOf } from '../../../protocol/bridge/events.ts';
import { createFakeCarrier } from './testing/fake-carrier.ts';
import { createWindowBridge } from './window-bridge.ts';

const info = { version: '1.0.0', platform: 'linux', computer: 'desk' };
const answer = (id: number, value: unknown) => ({ type: 'answer', id, result: { ok: true, value } });

function setUp(connected = true) {
  const fake = createFakeCarrier(connected);
  return { ...fake, bridge: createWindowBridge(fake.carrier) };
}

describe('a call', () => {
  it('gets its own answer, whatever the order', async () => {
    const { bridge, sent, say } = setUp();
    const first = bridge.call('app.info', null);
    const second = bridge.call('clipboard.read', null);
    expect(sent).toEqual([
      { type: 'call', id: 0, name: 'app.info', input: null },
      { type: 'call', id: 1, name: 'clipboard.read', input: null },
    ]);
    say(answer(1, 'text'));
    say(answer(0, info));
    expect(await first).toEqual({ ok: true, value: info });
    expect(await second).toEqual({ ok: true, value: 'text' });
  });

  it('hands on a failure as a value', async () => {
    const { bridge, say } = setUp();
    const call = bridge.call('app.info', null);
    const failure = { code: 'internal', message: 'Something went wrong.' };
    say({ type: 'answer', id: 0, result: { ok: false, failure } });
    expect(await call).toEqual({ ok: false, failure });
  });

  it('fails when its answer does not follow the contract, and lets nothing else through', async () => {
    const { bridge, say } = setUp();
    const wrong = bridge.call('app.info', null);
    say(answer(0, { version: 1 }));
    expect(await wrong).toMatchObject({ ok: false, failure: { code: 'not-understood' } });
    const more = bridge.call('app.info', null);
    say(answer(1, { ...info, token: 'secret' }));
    expect(await more).toEqual({ ok: true, value: info });
  });

  it('is not shaken by messages that are none, or that answer nothing', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue();
    const { bridge, say } = setUp();
    const call = bridge.call('clipboard.read', null);
    for (const message of [null, 'x', { type: 'answer' }, answer(7, 'x'), { type: 'event', name: 'none', event: 1 }])
      say(message);
    say(answer(0, null));
    expect(await call).toEqual({ ok: true, value: null });
    expect(said).toHaveBeenCalledTimes(3);
  });

  it('waits for the first connection, and is sent once', async () => {
    const { bridge, sent, say, connect } = setUp(false);
    const call = bridge.call('clipboard.read', null);
    expect(sent).toEqual([]);
    connect(true);
    expect(sent).toHaveLength(1);
    say(answer(0, null));
    expect(await call).toEqual({ ok: true, value: null });
  });

  it('fails when the connection breaks under it, and at once while there is none', async () => {
    const { bridge, sent, connect } = setUp();
    const under = bridge.call('clipboard.read', null);
    connect(false);
    const without = bridge.call('clipboard.read', null);
    expect(await under).toMatchObject({ ok: false, failure: { code: 'cut-off' } });
    expect(await without).toMatchObject({ ok: false, failure: { code: 'cut-off' } });
    connect(true);
    expect(sent).toHaveLength(1);
  });

  it('is refused when a thousand wait for an answer: no queue without an end', async () => {
    const { bridge, sent } = setUp();
    for (let count = 0; count < 1000; count += 1) void bridge.call('clipboard.read', null);
    expect(await bridge.call('clipboard.read', null)).toMatchObject({ ok: false, failure: { code: 'cut-off' } });
    expect(sent).toHaveLength(1000);
  });
});

const told = () => vi.fn<(event: EventOf<'notices.changed'>) => void>();

describe('an event', () => {
  const notice = { id: 'n1', level: 'info', code: 'c', message: 'm' } as const;
  const event = { type: 'event', name: 'notices.changed', event: [notice] };

  it('is subscribed to with its first listener and given up with its last', () => {
    const { bridge, sent, say } = setUp();
    const [first, second] = [told(), told()];
    const stopFirst = bridge.on('notices.changed', first);
    const stopSecond = bridge.on('notices.changed', second);
    say(event);
    expect(first).toHaveBeenCalledExactlyOnceWith([notice]);
    expect(second).toHaveBeenCalledOnce();
    stopFirst();
    stopFirst();
    say(event);
    expect(first).toHaveBeenCalledOnce();
    stopSecond();
    expect(sent.map((message) => message.type)).toEqual(['subscribe', 'subscribe', 'unsubscribe']);
  });

  it('is subscribed to again after the connection was lost, so that no change is missed', () => {
    const { bridge, sent, connect } = setUp(false);
    bridge.on('notices.changed', told());
    expect(sent).toEqual([]);
    connect(true);
    connect(false);
    connect(true);
    expect(sent).toEqual([
      { type: 'subscribe', name: 'notices.changed' },
      { type: 'subscribe', name: 'notices.changed' },
    ]);
  });

  it('that does not follow its contract reaches no listener', () => {
    const said = vi.spyOn(console, 'error').mockReturnValue();
    const { bridge, say } = setUp();
    const listener = told();
    bridge.on('notices.changed', listener);
    say({ ...event, event: [{ ...notice, level: 'loud' }] });
    expect(listener).not.toHaveBeenCalled();
    expect(said).toHaveBeenCalledOnce();
  });
});

it('the connection’s state comes first, then its changes, until it is not listened to', () => {
  const { bridge, connect } = setUp(false);
  const states: boolean[] = [];
  const stop = bridge.onConnection((connected) => states.push(connected));
  connect(true);
  connect(false);
  stop();
  connect(true);
  expect(states).toEqual([false, true, false]);
});
