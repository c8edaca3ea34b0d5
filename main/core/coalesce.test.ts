import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { coalesced } from './coalesce.ts';

describe('coalescing', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells the first change at once', () => {
    const run = vi.fn();
    coalesced(run, 100, new AbortController().signal)();
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('tells a burst twice: its beginning and its end', () => {
    const run = vi.fn();
    const ask = coalesced(run, 100, new AbortController().signal);
    for (let n = 0; n < 50; n += 1) ask();
    vi.advanceTimersByTime(99);
    expect(run).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1000);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('tells nothing after the signal, and leaves no timer', () => {
    const run = vi.fn();
    const stop = new AbortController();
    const ask = coalesced(run, 100, stop.signal);
    ask();
    ask();
    stop.abort();
    ask();
    expect(vi.getTimerCount()).toBe(0);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
