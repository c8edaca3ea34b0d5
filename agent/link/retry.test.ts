/** When an agent comes back, and when it does not. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideNext, noRetry, type Goodbye, type LinkEnd, type Retry } from './retry.ts';

const failed: LinkEnd = { how: 'failed', onlineMs: null, failure: { step: 'tcp', code: 'refused', message: 'no' } };
const lost = (onlineMs: number): LinkEnd => ({ how: 'lost', onlineMs });
const goodbye = (reason: Goodbye['reason'], change: Partial<Goodbye> = {}): LinkEnd => ({
  how: 'goodbye',
  onlineMs: 120_000,
  goodbye: { type: 'goodbye', reason, ...change },
});
const msOf = (end: LinkEnd, retry: Retry, random = () => 1): number => {
  const next = decideNext(end, retry, random);
  if (next.do !== 'wait') throw new Error(`it stops: ${next.code}`);
  return next.ms;
};

describe('after a failure', () => {
  it('waits longer each time, up to half a minute', () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 20].map((attempt) => msOf(failed, { attempt, spreadS: 0 }));
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('waits as long as the server asked, and a little more so that not all come at once', () => {
    const busy: LinkEnd = { ...failed, failure: { step: 'http', code: 'busy', message: '', retryAfterS: 60 } };
    const next = decideNext(busy, noRetry, () => 0.5);
    expect(next).toMatchObject({ do: 'wait', ms: 60_250, leastMs: 60_000 });
  });

  it('says at which step it failed and why', () => {
    expect(decideNext(failed, noRetry, () => 0)).toMatchObject({ step: 'tcp', code: 'refused', message: 'no' });
  });
});

describe('after a loss', () => {
  it('a reconnect storm is spread over the time the service wished', () => {
    const retry = { attempt: 0, spreadS: 120 };
    expect(msOf(lost(600_000), retry, () => 0.25)).toBe(30_000);
    expect(msOf(lost(600_000), { attempt: 0, spreadS: 0 }, () => 1)).toBe(500);
  });

  it('a minute of health makes the next failure the first again; less does not', () => {
    const tired = { attempt: 6, spreadS: 0 };
    expect(msOf(lost(60_000), tired)).toBe(500);
    expect(msOf(lost(59_999), tired)).toBe(30_000);
  });
});

describe('after a goodbye', () => {
  it('of a service that stops or is busy: comes back', () => {
    expect(decideNext(goodbye('stopping'), noRetry, () => 0)).toMatchObject({ do: 'wait', code: 'stopping' });
    expect(decideNext(goodbye('busy', { retry_after_s: 30 }), noRetry, () => 0)).toMatchObject({
      do: 'wait',
      leastMs: 30_000,
    });
  });

  it('of a clone that took its place: stays away, alive, and says so', () => {
    expect(decideNext(goodbye('replaced'), noRetry, () => 0)).toMatchObject({
      do: 'stop',
      code: 'replaced',
      leave: false,
    });
  });

  it('of a service that removed the machine: ends', () => {
    expect(decideNext(goodbye('revoked'), noRetry, () => 0)).toMatchObject({
      do: 'stop',
      code: 'revoked',
      leave: true,
    });
  });

  it('a server that does not know the key is asked only every few minutes', () => {
    const next = decideNext(goodbye('unauthorized', { message: 'who?' }), noRetry, () => 0);
    expect(next).toMatchObject({ do: 'wait', step: 'credential', code: 'unauthorized', message: 'who?', ms: 150_000 });
  });

  it('an agent that is too old says so and keeps trying, slowly', () => {
    const next = decideNext(goodbye('unsupported', { message: 'update the agent' }), noRetry, () => 1);
    expect(next).toMatchObject({
      do: 'wait',
      step: 'version',
      code: 'unsupported',
      message: 'update the agent',
      ms: 300_000,
    });
  });
});

describe('whatever happens', () => {
  it('never less than the service asked, never much more than its own patience', () => {
    const reason = fc.constantFrom<Goodbye['reason']>('stopping', 'busy', 'unauthorized', 'unsupported');
    const chance = fc.double({ min: 0, max: 1, noNaN: true });
    const before = fc.record({ attempt: fc.nat(30), spreadS: fc.nat(300) });
    fc.assert(
      fc.property(reason, fc.nat(600), before, chance, (why, afterS, retry, random) => {
        const wait = msOf(goodbye(why, { retry_after_s: afterS }), retry, () => random);
        expect(wait).toBeGreaterThanOrEqual(afterS * 1000);
        expect(wait).toBeLessThanOrEqual(afterS * 1000 + 300_000);
      }),
    );
  });
});
