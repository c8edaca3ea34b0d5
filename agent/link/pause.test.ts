/** A pause that ends when there is a reason to hope. */
import { describe, expect, it } from 'vitest';
import { pause } from './pause.ts';

interface World {
  monotonic: number;
  wall: number;
  network: string;
}
/** Time passes by being looked at. */
function world(change: (world: World) => void = () => undefined) {
  const state: World = { monotonic: 0, wall: 0, network: 'eth0 10.0.0.2' };
  return {
    state,
    parts: {
      moment: () => ({ monotonic: state.monotonic, wall: state.wall }),
      network: () => state.network,
      sleep: (ms: number) => {
        state.monotonic += ms;
        state.wall += ms;
        change(state);
        return Promise.resolve();
      },
    },
  };
}
const never = new AbortController().signal;

describe('a pause', () => {
  it('lasts as long as it should', async () => {
    const { state, parts } = world();
    await pause({ ms: 30_000, leastMs: 0 }, parts, never);
    expect(state.monotonic).toBe(30_000);
  });

  it('ends when the network changed', async () => {
    const { state, parts } = world((now) => {
      if (now.monotonic >= 4_000) now.network = 'wlan0 192.168.1.7';
    });
    await pause({ ms: 30_000, leastMs: 0 }, parts, never);
    expect(state.monotonic).toBe(4_000);
  });

  it('ends when the computer woke', async () => {
    const { state, parts } = world((now) => {
      if (now.monotonic === 6_000) now.wall += 3_600_000;
    });
    await pause({ ms: 30_000, leastMs: 0 }, parts, never);
    expect(state.monotonic).toBe(6_000);
  });

  it('is not cut below what the service asked for; the hope stands until then', async () => {
    const { state, parts } = world((now) => {
      if (now.monotonic >= 4_000) now.network = 'wlan0 192.168.1.7';
    });
    await pause({ ms: 30_000, leastMs: 10_000 }, parts, never);
    expect(state.monotonic).toBe(10_000);
  });

  it('ends when somebody asks', async () => {
    const ask = new AbortController();
    const { state, parts } = world((now) => {
      if (now.monotonic >= 2_000) ask.abort();
    });
    await pause({ ms: 30_000, leastMs: 30_000 }, parts, ask.signal);
    expect(state.monotonic).toBe(2_000);
  });
});
