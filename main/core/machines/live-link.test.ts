import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Event } from '../../../protocol/api/events.ts';
import type { Result } from '../../../protocol/bridge/failure.ts';
import { fakeDial } from '../api/fake-dial.ts';
import { apiFailure, desktopFailure, ok, refused } from '../outcome.ts';
import { createLiveLink } from './live-link.ts';

const snapshot: Event = { type: 'snapshot', machines: [], sessions: [] };

function setUp(given: { readonly renewed?: string | null } = {}) {
  const net = fakeDial();
  const stop = new AbortController();
  const states: unknown[][] = [];
  const told: Event[] = [];
  const lists: { answer: Result<Event>; asked: number } = { answer: ok(snapshot), asked: 0 };
  let token: string | null = 'token-1';
  const link = createLiveLink(
    {
      address: 'https://backend.example',
      dial: net.dial,
      token: () => token,
      tokenRefused: (refusedToken) => {
        token = given.renewed === undefined ? token : given.renewed;
        return Promise.resolve(token !== null && token !== refusedToken);
      },
      fetchLists: () => {
        lists.asked += 1;
        return Promise.resolve(lists.answer);
      },
      stateChanged: (state) => {
        if (state.at === 'offline') states.push(['offline', state.failure.code, state.nextTryAt - Date.now()]);
        else states.push(state.at === 'online' ? ['online', state.latencyMs] : [state.at]);
      },
      told: (event) => told.push(event),
      now: Date.now,
      backoff: (attempt) => 1000 * 2 ** attempt,
    },
    stop.signal,
  );
  const come = (): void => {
    net.last.open();
    net.last.say(JSON.stringify(snapshot));
  };
  return { net, stop, states, told, lists, link, come };
}

describe('the live connection of an account', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is online once the present state is there, and not before', () => {
    const { net, states, told, link, come } = setUp();
    link.connect();
    net.last.open();
    expect(states).toEqual([['connecting']]);
    come();
    expect(states.at(-1)).toEqual(['online', null]);
    expect(told).toEqual([snapshot]);
  });

  it('shows how long the way takes, from the first measure on', () => {
    const { net, states, link, come } = setUp();
    link.connect();
    net.last.measure(12);
    come();
    net.last.measure(15);
    expect(states.slice(1)).toEqual([
      ['online', 12],
      ['online', 15],
    ]);
  });

  it('comes back by itself, later each time, and soon again after a minute of health', () => {
    const { net, states, link, come } = setUp();
    link.connect();
    net.last.lose(desktopFailure('refused'));
    vi.advanceTimersByTime(1000);
    net.last.lose(desktopFailure('refused'));
    vi.advanceTimersByTime(2000);
    come();
    vi.advanceTimersByTime(61_000);
    net.last.lose();
    expect(states.filter(([at]) => at === 'offline')).toEqual([
      ['offline', 'refused', 1000],
      ['offline', 'refused', 2000],
      ['offline', 'cut-off', 1000],
    ]);
  });

  it('is made anew at once when asked, whatever it was waiting for', () => {
    const { net, link, come } = setUp();
    link.connect();
    come();
    link.connect();
    expect(net.sockets[0]?.left).toBe(true);
    net.last.lose();
    link.connect();
    expect(net.sockets.length).toBe(3);
    vi.advanceTimersByTime(600_000);
    expect(net.sockets.length).toBe(3);
  });

  it('passes over what a newer server tells', () => {
    const { net, states, told, link, come } = setUp();
    link.connect();
    come();
    net.last.say('{"type":"weather","forecast":"rain"}');
    expect(told.length).toBe(1);
    expect(states.at(-1)).toEqual(['online', null]);
  });

  it.each([
    'no JSON',
    '{"type":"snapshot","machines":7}',
    '{"type":"machines","changed":[{"agent_id":"x"}],"removed":[]}',
    '7',
  ])('that tells %s is not understood, and tried again later', (message) => {
    const { net, states, link, come } = setUp();
    link.connect();
    come();
    net.last.say(message);
    expect(states.at(-1)).toEqual(['offline', 'not-understood', 1000]);
    expect(net.last.left).toBe(true);
  });

  it.each([404, 426, 400, 405, 501])(
    'that a server refuses with %i asks for the lists instead, from time to time',
    async (status) => {
      const { net, states, told, lists, link } = setUp();
      link.connect();
      net.last.refuse(status, desktopFailure('not-this-api'));
      await vi.advanceTimersByTimeAsync(0);
      expect(states.at(-1)).toEqual(['online', null]);
      await vi.advanceTimersByTimeAsync(30_000);
      expect(told.length).toBe(3);
      lists.answer = refused(desktopFailure('refused'));
      await vi.advanceTimersByTimeAsync(15_000);
      expect(states.at(-1)?.slice(0, 2)).toEqual(['offline', 'refused']);
      lists.answer = ok(snapshot);
      await vi.advanceTimersByTimeAsync(2000);
      expect(states.at(-1)).toEqual(['online', null]);
      expect(net.sockets.length).toBe(1);
    },
  );

  it('closed with 4401 goes on with a renewed token at once', async () => {
    const { net, link, come } = setUp({ renewed: 'token-2' });
    link.connect();
    come();
    net.last.close(4401);
    await vi.advanceTimersByTimeAsync(0);
    expect(net.last.options.token).toBe('token-2');
  });

  it('does not ask in a circle when the renewed token is refused as well', async () => {
    const { net, states, link } = setUp({ renewed: 'token-2' });
    link.connect();
    net.last.refuse(401, apiFailure('token-invalid'));
    await vi.advanceTimersByTimeAsync(0);
    net.last.refuse(401, apiFailure('token-invalid'));
    await vi.advanceTimersByTimeAsync(0);
    expect(net.sockets.length).toBe(2);
    expect(states.at(-1)).toEqual(['offline', 'token-invalid', 2000]);
  });

  it('rests when there is no token any more', async () => {
    const { net, link } = setUp({ renewed: null });
    link.connect();
    net.last.refuse(401, apiFailure('token-revoked'));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(net.sockets.length).toBe(1);
    link.connect();
    expect(net.sockets.length).toBe(1);
  });

  it('leaves neither socket nor timer behind', async () => {
    const { net, stop, link, come } = setUp();
    link.connect();
    come();
    stop.abort();
    expect(net.last.left).toBe(true);
    await vi.advanceTimersByTimeAsync(600_000);
    expect({ sockets: net.sockets.length, timers: vi.getTimerCount() }).toEqual({ sockets: 1, timers: 0 });
  });
});
