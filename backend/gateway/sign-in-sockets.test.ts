import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { createInProcessBus } from '../bus/in-process.ts';
import { createSignInSockets, type Arriving, type SignInSockets } from './sign-in-sockets.ts';

const organizationId = 'a'.repeat(24);
let bus: Bus;
let sockets: SignInSockets;
let end: AbortController;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  bus = createInProcessBus(vi.fn());
  end = new AbortController();
  sockets = createSignInSockets(bus, Date.now, end.signal);
});
afterEach(() => {
  end.abort();
  vi.useRealTimers();
});

interface Opened {
  readonly userId?: string;
  readonly expiresAt?: number;
  readonly arriving?: Arriving;
  /** A client that does not answer the close for a while. */
  readonly isSlow?: boolean;
}
function open(signInId: string, opened: Opened = {}) {
  const { userId = 'u'.repeat(24), expiresAt = 1000, arriving = sockets.arrive(), isSlow = false } = opened;
  const closed: number[] = [];
  const socket = Object.assign(new EventEmitter(), {
    close(code: number) {
      closed.push(code);
      if (!isSlow) socket.emit('close');
    },
  });
  arriving.add(socket, {
    signInId,
    signInExpiresAt: new Date(expiresAt),
    account: { id: userId },
    home: { id: organizationId },
  });
  arriving.settled();
  return { closed, socket };
}
const hour = 3_600_000;

describe('a socket of somebody signed in', () => {
  it('closes with 4401 when the sign-in is ended, and no other does', async () => {
    const [mine, second, other] = [open('mine'), open('mine'), open('other')];
    bus.publish('sign-in.revoked', { signInId: 'mine' });
    await vi.advanceTimersByTimeAsync(1);
    expect([mine.closed, second.closed, other.closed]).toEqual([[4401], [4401], []]);
  });

  it('closes when its user or its organization is disabled', async () => {
    const [ada, bob] = [open('1', { userId: 'a'.repeat(24) }), open('2', { userId: 'b'.repeat(24) })];
    bus.publish('user.disabled', { organizationId, userId: 'a'.repeat(24) });
    await vi.advanceTimersByTimeAsync(1);
    expect([ada.closed, bob.closed]).toEqual([[4401], []]);
    bus.publish('organization.disabled', { organizationId });
    await vi.advanceTimersByTimeAsync(1);
    expect([ada.closed, bob.closed]).toEqual([[4401], [4401]]);
  });

  it('closes when the newest token expires, and lives on with a newer one', async () => {
    const [short, kept] = [open('short', { expiresAt: 1000 }), open('kept', { expiresAt: 1000 })];
    bus.publish('sign-in.extended', { signInId: 'kept', expiresAt: new Date(5000).toISOString() });
    await vi.advanceTimersByTimeAsync(1500);
    expect([short.closed, kept.closed]).toEqual([[4401], []]);
    await vi.advanceTimersByTimeAsync(4000);
    expect(kept.closed).toEqual([4401]);
  });

  it('lives as long as its token also where that is longer than a timer can wait', async () => {
    const { closed } = open('long', { expiresAt: 1000 * hour });
    await vi.advanceTimersByTimeAsync(999 * hour);
    expect(closed).toEqual([]);
    await vi.advanceTimersByTimeAsync(2 * hour);
    expect(closed).toEqual([4401]);
  });

  it('closes at once when its sign-in ended while it was being let in', async () => {
    const [late, other] = [sockets.arrive(), sockets.arrive()];
    bus.publish('sign-in.revoked', { signInId: 'mine' });
    await vi.advanceTimersByTimeAsync(1);
    expect(open('mine', { arriving: late }).closed).toEqual([4401]);
    expect(open('other', { arriving: other }).closed).toEqual([]);
  });

  it('is still closed in time when an older one of its sign-in ends late', async () => {
    const old = open('mine', { isSlow: true });
    bus.publish('organization.disabled', { organizationId });
    await vi.advanceTimersByTimeAsync(1);
    const fresh = open('mine');
    old.socket.emit('close');
    bus.publish('sign-in.revoked', { signInId: 'mine' });
    await vi.advanceTimersByTimeAsync(1);
    expect(fresh.closed).toEqual([4401]);
  });

  it('that is gone leaves no timer behind', () => {
    const { socket } = open('mine');
    expect(vi.getTimerCount()).toBe(1);
    socket.emit('close');
    expect(vi.getTimerCount()).toBe(0);
    open('again');
    end.abort();
    expect(vi.getTimerCount()).toBe(0);
  });
});
