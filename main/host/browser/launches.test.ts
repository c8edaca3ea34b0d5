import { describe, expect, it } from 'vitest';
import { createLaunches, launchLivesMs } from './launches.ts';

function setUp() {
  let time = 1000;
  let made = 0;
  const launches = createLaunches({ now: () => time, newSecret: () => `secret-${made++}` });
  return {
    launches,
    pass: (ms: number) => {
      time += ms;
    },
  };
}

describe('a launch token', () => {
  it('opens one window, once', () => {
    const { launches } = setUp();
    const token = launches.issue();
    expect(launches.redeem(token)).not.toBeNull();
    expect(launches.redeem(token)).toBeNull();
  });

  it('is worth nothing after a minute, to the millisecond', () => {
    const { launches, pass } = setUp();
    const inTime = launches.issue();
    const tooLate = launches.issue();
    pass(launchLivesMs - 1);
    expect(launches.redeem(inTime)).not.toBeNull();
    pass(1);
    expect(launches.redeem(tooLate)).toBeNull();
  });

  it('that was never given out opens nothing', () => {
    const { launches } = setUp();
    launches.issue();
    expect(launches.redeem('guess')).toBeNull();
    expect(launches.redeem('')).toBeNull();
  });

  it('pushes out the oldest when there are too many', () => {
    const { launches } = setUp();
    const first = launches.issue();
    const others = Array.from({ length: 32 }, () => launches.issue());
    expect(launches.redeem(first)).toBeNull();
    expect(launches.redeem(others[0] ?? '')).not.toBeNull();
  });
});

describe('the keys of a window', () => {
  it('prove the host to the window with the secret, and to nobody else', () => {
    const { launches } = setUp();
    const keys = launches.redeem(launches.issue());
    expect(launches.proofFor(keys?.secret ?? '')).toBe(keys?.proof);
    expect(launches.proofFor(keys?.proof ?? '')).toBeNull();
    expect(launches.proofFor('guess')).toBeNull();
  });

  it('are not the token, so that a token seen later opens nothing', () => {
    const { launches } = setUp();
    const token = launches.issue();
    launches.redeem(token);
    expect(launches.proofFor(token)).toBeNull();
  });

  it('of a window in use outlive those of windows long gone', () => {
    const { launches } = setUp();
    const inUse = launches.redeem(launches.issue());
    const gone = launches.redeem(launches.issue());
    for (let count = 0; count < 255; count += 1) {
      launches.proofFor(inUse?.secret ?? '');
      launches.redeem(launches.issue());
    }
    expect(launches.proofFor(inUse?.secret ?? '')).toBe(inUse?.proof);
    expect(launches.proofFor(gone?.secret ?? '')).toBeNull();
  });
});
