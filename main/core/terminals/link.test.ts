import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeDial } from '../api/fake-dial.ts';
import { apiFailure, desktopFailure } from '../outcome.ts';
import { createTerminalLink } from './link.ts';

const AGENT = '6f1c1f5e-5f0e-4a64-9b0e-1f2a3b4c5d6e';

function setUp(given: { token?: string | null; renewed?: string | null } = {}) {
  const net = fakeDial();
  const told: unknown[][] = [];
  const attempts: number[] = [];
  let token = given.token === undefined ? 'token-1' : given.token;
  const link = createTerminalLink(
    {
      owner: {
        address: 'https://backend.example',
        token: () => token,
        tokenRefused: (refusedToken) => {
          told.push(['token refused', refusedToken]);
          token = given.renewed === undefined ? token : given.renewed;
          return Promise.resolve(token !== null && token !== refusedToken);
        },
      },
      agentId: AGENT,
      dial: net.dial,
      now: Date.now,
      backoff: (attempt) => {
        attempts.push(attempt);
        return 1000 * (attempt + 1);
      },
    },
    {
      offer: () => ({ subprotocols: ['webxterm.v1'], query: '' }),
      opened: () => told.push(['opened']),
      text: (text) => told.push(['text', text]),
      binary: (bytes) => told.push(['binary', bytes.length]),
      lost: (code) => told.push(['lost', code]),
      waiting: (failure, nextTryAt) =>
        told.push(['waiting', failure.code, nextTryAt === null ? null : nextTryAt - Date.now()]),
      denied: (failure) => told.push(['denied', failure.code]),
      unselected: () => told.push(['unselected']),
    },
  );
  return { net, told, attempts, link, signIn: (next: string) => (token = next) };
}

describe('the link of a terminal', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  it('dials the machine with the token in a header, never in the address', () => {
    const { net, link } = setUp();
    link.up();
    expect(net.last.options).toMatchObject({
      address: 'https://backend.example',
      path: `/api/terminal/${AGENT}/ws`,
      token: 'token-1',
      subprotocols: ['webxterm.v1'],
    });
  });

  it('dials again after a loss, later each time, and at once when the person will not wait', () => {
    const { net, told, link } = setUp();
    link.up();
    net.last.lose(desktopFailure('refused'));
    vi.advanceTimersByTime(1000);
    net.last.lose(desktopFailure('unreachable'));
    expect(told).toEqual([
      ['waiting', 'refused', 1000],
      ['waiting', 'unreachable', 2000],
    ]);
    link.retry();
    expect(net.sockets.length).toBe(3);
    link.retry(); // one is on its way
    expect(net.sockets.length).toBe(3);
  });

  it('tells the loss of an open socket once, and begins with short waits after a minute of health', () => {
    const { net, told, attempts, link } = setUp();
    link.up();
    net.last.lose();
    vi.advanceTimersByTime(1000);
    net.last.lose();
    vi.advanceTimersByTime(2000);
    net.last.open();
    vi.advanceTimersByTime(61_000);
    net.last.lose();
    expect(told.filter(([what]) => what === 'lost')).toEqual([['lost', null]]);
    expect(attempts).toEqual([0, 1, 0]);
  });

  it('waits as long as the server asks for', () => {
    const { net, told, link } = setUp();
    link.up();
    net.last.refuse(429, { ...apiFailure('slow-down'), retry_after_s: 30 });
    expect(told.at(-1)).toEqual(['waiting', 'slow-down', 30_000]);
  });

  it.each([
    [403, 'role-too-low'],
    [404, 'not-found'],
    [429, 'too-many-sessions'],
    [503, 'machine-offline'],
  ] as const)('refused with %i %s does not dial again', (status, code) => {
    const { net, told, link } = setUp();
    link.up();
    net.last.refuse(status, apiFailure(code));
    expect(told).toEqual([['denied', code]]);
    vi.advanceTimersByTime(100_000);
    expect(link.again()).toBe(false);
    expect(net.sockets.length).toBe(1);
  });

  it('closed with 4403 is denied: access was lost', () => {
    const { net, told, link } = setUp();
    link.up();
    net.last.open();
    net.last.close(4403);
    expect(told.slice(1)).toEqual([
      ['lost', 4403],
      ['denied', 'role-too-low'],
    ]);
  });

  it('closed with 4401 dials at once with a renewed token', async () => {
    const { net, told, link } = setUp({ renewed: 'token-2' });
    link.up();
    net.last.open();
    net.last.close(4401);
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toContainEqual(['token refused', 'token-1']);
    expect(net.last.options.token).toBe('token-2');
  });

  it('does not ask in a circle when the renewed token is refused as well', async () => {
    const { net, told, link } = setUp({ renewed: 'token-2' });
    link.up();
    net.last.refuse(401, apiFailure('token-invalid'));
    await vi.advanceTimersByTimeAsync(0);
    net.last.refuse(401, apiFailure('token-invalid'));
    await vi.advanceTimersByTimeAsync(0);
    expect(net.sockets.length).toBe(2);
    expect(told.at(-1)).toEqual(['waiting', 'token-invalid', 2000]);
  });

  it('of an account that is signed out waits for the person, and goes on once there is a token', async () => {
    const { net, told, link, signIn } = setUp({ renewed: null });
    link.up();
    net.last.refuse(401, apiFailure('token-revoked'));
    await vi.advanceTimersByTimeAsync(100_000);
    expect(told.at(-1)).toEqual(['waiting', 'signed-out', null]);
    expect(net.sockets.length).toBe(1);
    signIn('token-3');
    expect(link.again()).toBe(true);
    expect(net.last.options.token).toBe('token-3');
  });

  it('frozen after sleep: drops what there is and dials at once when the computer wakes', () => {
    const { net, link } = setUp();
    link.up();
    net.last.open();
    const [dead] = net.sockets;
    expect(link.again()).toBe(true);
    expect(dead?.left).toBe(true);
    expect(net.sockets.length).toBe(2);
  });

  it('that is not wanted stays away, whatever happens', () => {
    const { net, link } = setUp();
    expect(link.again()).toBe(false);
    link.up();
    link.down();
    link.retry();
    vi.advanceTimersByTime(100_000);
    expect(net.sockets.length).toBe(1);
    expect(net.last.left).toBe(true);
  });

  it('that speaks nonsense is left and tried again like after any failure', () => {
    const { net, told, link } = setUp();
    link.up();
    net.last.open();
    link.broken(desktopFailure('not-understood'));
    expect(net.last.left).toBe(true);
    expect(told.at(-1)).toEqual(['waiting', 'not-understood', 1000]);
    vi.advanceTimersByTime(1000);
    expect(net.sockets.length).toBe(2);
  });
});
