/** The window on virtual links, from the key to the prompt: Ctrl-C acts at once under a flood, and the link is never idle. */
import { describe, expect, it } from 'vitest';
import { createWindow } from './window.ts';

const KIB = 1024;

interface Chain {
  readonly roundTripMs: number;
  readonly linkBytesPerMs: number;
  readonly drawBytesPerMs: number;
}

/** What was put in comes out this much later. */
function delay(ms: number, first: number) {
  const queue: { readonly at: number; readonly value: number }[] = [];
  let out = first;
  return {
    put: (now: number, value: number) => queue.push({ at: now + ms, value }),
    at(now: number): number {
      for (let [next] = queue; next !== undefined && next.at <= now; [next] = queue) {
        out = next.value;
        queue.shift();
      }
      return out;
    },
  };
}

/** A flood for three seconds, in steps of 1 ms. Gives the rate drawn, and how long a last byte would take from shell to screen. */
function flood({ roundTripMs, linkBytesPerMs, drawBytesPerMs }: Chain) {
  const window = createWindow();
  window.roundTrip(roundTripMs);
  const limit = delay(roundTripMs / 2, window.bytes);
  const received = delay(roundTripMs / 2, 0);
  let [sent, drawn, acked, granted] = [0, 0, 0, window.bytes];
  for (let now = 1; now <= 3000; now += 1) {
    sent = Math.min(limit.at(now), sent + linkBytesPerMs);
    received.put(now, sent);
    drawn = Math.min(received.at(now), drawn + drawBytesPerMs);
    window.drawn({ consumed: drawn, received: received.at(now), now });
    if (drawn - acked < window.bytes / 4 && drawn < received.at(now)) continue;
    acked = drawn;
    granted = Math.max(granted, acked + window.bytes);
    limit.put(now, granted);
  }
  return { bytesPerMs: drawn / 3000, waitingMs: (sent - drawn) / drawBytesPerMs + roundTripMs / 2 };
}

describe('the window', () => {
  it.each([
    ['on loopback, drawing 8 MB/s', { roundTripMs: 1, linkBytesPerMs: 100_000, drawBytesPerMs: 8000 }],
    ['40 ms away, drawing 8 MB/s', { roundTripMs: 40, linkBytesPerMs: 12_000, drawBytesPerMs: 8000 }],
    [
      '20 ms away, on a weak computer that draws 1 MB/s',
      { roundTripMs: 20, linkBytesPerMs: 12_000, drawBytesPerMs: 1000 },
    ],
  ])('lets Ctrl-C act within 100 ms under a flood %s, and draws at full speed', (_name, chain) => {
    const { waitingMs, bytesPerMs } = flood(chain);
    expect(waitingMs).toBeLessThan(100);
    expect(bytesPerMs).toBeGreaterThan(0.8 * chain.drawBytesPerMs);
  });

  it('fills a long link too', () => {
    expect(flood({ roundTripMs: 120, linkBytesPerMs: 4000, drawBytesPerMs: 40_000 }).bytesPerMs).toBeGreaterThan(3000);
  });

  it('is never more than 1 MiB: the write buffer of xterm.js, which throws away past 50 MB, holds no more than that', () => {
    const window = createWindow();
    window.roundTrip(500);
    for (let now = 0; now < 1000; now += 1) window.drawn({ consumed: now * 1_000_000, received: now * 1_000_000, now });
    expect(window.bytes).toBe(1024 * KIB);
  });

  it('is never less than 64 KiB, however slow the screen', () => {
    const window = createWindow();
    window.roundTrip(1);
    for (let now = 0; now < 1000; now += 1) window.drawn({ consumed: now, received: now + 200_000, now });
    expect(window.bytes).toBe(64 * KIB);
  });

  it('begins with 256 KiB, and a prompt now and then does not shrink it', () => {
    const window = createWindow();
    window.roundTrip(20);
    for (let now = 0; now < 10_000; now += 300) window.drawn({ consumed: now, received: now, now });
    expect(window.bytes).toBe(256 * KIB);
  });
});
