/** Whether the other end lives, told by bytes alone. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jumped, watchLiveness } from './liveness.ts';

const limits = { pingMs: 15_000, silentMs: 45_000, wakeMs: 5_000 };

function watch() {
  const state = { bytes: 0, wallAhead: 0 };
  const end = new AbortController();
  const ping = vi.fn<() => void>();
  const dead = vi.fn<() => void>();
  const moment = () => ({ monotonic: Date.now(), wall: Date.now() + state.wallAhead });
  watchLiveness({ limits, moment, bytesRead: () => state.bytes, ping, dead }, end.signal);
  return { state, ping, dead, end };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a link', () => {
  it('is pinged each quarter of a minute', () => {
    const { ping } = watch();
    vi.advanceTimersByTime(45_000 - 1);
    expect(ping).toHaveBeenCalledTimes(2);
  });

  it('that looks attached but is silent for 45 s is dead', () => {
    const { dead } = watch();
    vi.advanceTimersByTime(44_999);
    expect(dead).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(dead).toHaveBeenCalledOnce();
  });

  it('lives by any byte, be it half a message', () => {
    const { dead, state } = watch();
    for (let round = 0; round < 10; round += 1) {
      vi.advanceTimersByTime(30_000);
      state.bytes += 1;
    }
    expect(dead).not.toHaveBeenCalled();
  });

  it('that froze in sleep is found out within seconds of waking', () => {
    const { dead, ping, state } = watch();
    vi.advanceTimersByTime(14_000);
    state.wallAhead = 3_600_000; // the computer slept for an hour
    vi.advanceTimersByTime(1_000);
    expect(ping).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(5_000);
    expect(dead).toHaveBeenCalledOnce();
  });

  it('that survived a sleep is kept', () => {
    const { dead, state } = watch();
    state.wallAhead = 3_600_000;
    vi.advanceTimersByTime(15_000);
    state.bytes += 2;
    vi.advanceTimersByTime(5_000);
    expect(dead).not.toHaveBeenCalled();
  });

  it('is not watched after its end', () => {
    const { dead, ping, end } = watch();
    end.abort();
    vi.advanceTimersByTime(100_000);
    expect(ping).not.toHaveBeenCalled();
    expect(dead).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('jumped', () => {
  it('is a wall clock that ran ahead, not one that was set back', () => {
    expect(jumped({ monotonic: 0, wall: 0 }, { monotonic: 1_000, wall: 12_000 })).toBe(true);
    expect(jumped({ monotonic: 0, wall: 0 }, { monotonic: 60_000, wall: 60_500 })).toBe(false);
    expect(jumped({ monotonic: 0, wall: 100_000 }, { monotonic: 1_000, wall: 0 })).toBe(false);
  });
});
