/** A timer for a deadline that moves. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAlarm } from './alarm.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function alarm() {
  const ring = vi.fn<() => void>();
  return { ring, ...createAlarm(() => Date.now(), ring) };
}

describe('an alarm', () => {
  it('rings when it is time, never before', () => {
    const { ring, set } = alarm();
    set(Date.now() + 99.5);
    vi.advanceTimersByTime(99);
    expect(ring).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(ring).toHaveBeenCalledOnce();
  });

  it('rings earlier when the deadline moved earlier, and holds one timer', () => {
    const { ring, set } = alarm();
    set(Date.now() + 1_000);
    set(Date.now() + 10);
    set(Date.now() + 500);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(10);
    expect(ring).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('without a deadline is not set', () => {
    const { set } = alarm();
    set(Number.POSITIVE_INFINITY);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('can be stopped', () => {
    const { ring, set, stop } = alarm();
    set(Date.now());
    stop();
    vi.runAllTimers();
    expect(ring).not.toHaveBeenCalled();
  });
});
