import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { presentNetwork, watchWake } from './wake.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  let sleptMs = 0;
  let network = 'eth0 192.0.2.7';
  const woke = vi.fn<() => void>();
  const ending = new AbortController();
  watchWake(woke, ending.signal, { now: () => Date.now() + sleptMs, network: () => network });
  return {
    woke,
    ending,
    sleep: (ms: number) => {
      sleptMs += ms;
    },
    move: (to: string) => {
      network = to;
    },
  };
}

describe('waking is noticed (elsewhere: frozen after sleep)', () => {
  it('when a timer comes an hour late', () => {
    const { woke, sleep } = setUp();
    vi.advanceTimersByTime(10_000);
    expect(woke).not.toHaveBeenCalled();
    sleep(3_600_000);
    vi.advanceTimersByTime(2000);
    expect(woke).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(10_000);
    expect(woke).toHaveBeenCalledOnce();
  });

  it('when the network is another one', () => {
    const { woke, move } = setUp();
    move('wlan0 198.51.100.3');
    vi.advanceTimersByTime(2000);
    expect(woke).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(10_000);
    expect(woke).toHaveBeenCalledOnce();
  });

  it('not when the process was merely busy', () => {
    const { woke, sleep } = setUp();
    sleep(3000);
    vi.advanceTimersByTime(2000);
    expect(woke).not.toHaveBeenCalled();
  });

  it('not after it was ended, and then nothing runs on', () => {
    const { woke, ending, sleep } = setUp();
    ending.abort();
    sleep(3_600_000);
    vi.advanceTimersByTime(10_000);
    expect(woke).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('a network is its addresses that others can reach, in any order of the interfaces', () => {
  const base = { netmask: '255.255.255.0', mac: '00:00:00:00:00:00', cidr: null, family: 'IPv4' } as const;
  const eth = { ...base, internal: false, address: '192.0.2.7' };
  const lo = { ...base, internal: true, address: '127.0.0.1' };
  const local = { ...base, internal: false, address: 'fe80::1', family: 'IPv6', scopeid: 1 } as const;
  expect(presentNetwork({ lo: [lo], eth0: [eth, local] })).toBe('eth0 192.0.2.7');
  expect(presentNetwork({ eth0: [eth], eth1: [eth] })).toBe(presentNetwork({ eth1: [eth], eth0: [eth] }));
});
