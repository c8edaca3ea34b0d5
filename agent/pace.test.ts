/** The pace on virtual links: full use of a link, and no more than 50 ms of queue on it. */
import { describe, expect, it } from 'vitest';
import { createPace } from './pace.ts';

const KIB = 1024;

interface VirtualLink {
  readonly bytesPerMs: number;
  readonly roundTripMs: number;
}

/** Sends through a link as fast as the pace lets it. Gives what it did in the second half: its rate, and the longest queue. */
function flood({ bytesPerMs, roundTripMs }: VirtualLink, forMs: number) {
  const pace = createPace(0);
  const pongs: { readonly id: number; readonly at: number }[] = [];
  let busyUntil = 0;
  let sent = 0;
  let queueMs = 0;
  const ping = (now: number, blocked: boolean): void => {
    if (pace.pingDue(blocked)) pongs.push({ id: pace.ping(now), at: Math.max(busyUntil, now) + roundTripMs });
  };
  const send = (now: number): void => {
    for (let bytes = Math.min(16 * KIB, pace.room); bytes > 0; bytes = Math.min(16 * KIB, pace.room)) {
      pace.sent(bytes);
      busyUntil = Math.max(busyUntil, now) + bytes / bytesPerMs;
      if (now > forMs / 2) sent += bytes;
      ping(now, false);
    }
  };
  for (let now = 0; now < forMs; now += 0.25) {
    for (let [pong] = pongs; pong !== undefined && pong.at <= now; [pong] = pongs) {
      pongs.shift();
      pace.pong(pong.id, now);
    }
    ping(now, false);
    send(now);
    ping(now, true);
    if (now > forMs / 2) queueMs = Math.max(queueMs, busyUntil - now);
  }
  return { bytesPerMs: (2 * sent) / forMs, queueMs };
}

describe('the pace', () => {
  it.each([
    ['100 Mbit, 20 ms', 12_000, 20],
    ['100 Mbit, 120 ms', 12_000, 120],
    ['8 Mbit, 40 ms', 1000, 40],
    ['loopback', 200_000, 0.2],
  ])('uses a link of %s fully', (_name, bytesPerMs, roundTripMs) => {
    expect(flood({ bytesPerMs, roundTripMs }, 4000).bytesPerMs).toBeGreaterThan(0.85 * Math.min(bytesPerMs, 80_000));
  });

  it.each([
    ['100 Mbit, 20 ms', 12_000, 20],
    ['8 Mbit, 40 ms', 1000, 40],
  ])(
    'keeps the queue on a link of %s short: a keystroke does not wait behind a flood',
    (_name, bytesPerMs, roundTripMs) => {
      expect(flood({ bytesPerMs, roundTripMs }, 4000).queueMs).toBeLessThan(70);
    },
  );

  it('starts with 32 KiB, and without a pong nothing more goes: what is not read was never sent', () => {
    const pace = createPace(0);
    expect(pace.pingDue(false)).toBe(true);
    pace.pong(pace.ping(0), 1);
    expect(pace.room).toBe(32 * KIB);
    pace.sent(32 * KIB);
    expect(pace.room).toBe(0);
    expect(pace.pingDue(false)).toBe(true);
    const id = pace.ping(1);
    expect(pace.pingDue(true)).toBe(false);
    pace.pong(id + 1, 5);
    expect(pace.room).toBe(0);
    pace.pong(id, 5);
    expect(pace.room).toBeGreaterThanOrEqual(32 * KIB);
  });

  it('asks by a ping when it is blocked, however little went since the last one', () => {
    const pace = createPace(0);
    pace.ping(0);
    expect(pace.pingDue(true)).toBe(false);
    pace.sent(100);
    expect(pace.pingDue(false)).toBe(false);
    expect(pace.pingDue(true)).toBe(true);
  });

  it('does not take its own queue for distance, however long a flood lasts', () => {
    expect(flood({ bytesPerMs: 1000, roundTripMs: 40 }, 60_000).queueMs).toBeLessThan(70);
  });

  it('forgets what a link could do ten seconds ago', () => {
    const pace = createPace(0);
    const trip = (bytes: number, from: number, to: number): void => {
      pace.sent(bytes);
      pace.pong(pace.ping(from), to);
    };
    trip(1_000_000, 1, 11);
    trip(1_000_000, 11, 21);
    const fast = pace.room;
    for (let now = 6000; now < 30_000; now += 1000) trip(1000, now, now + 900);
    expect(fast).toBeGreaterThan(1_000_000);
    expect(pace.room).toBe(32 * KIB);
  });
});
