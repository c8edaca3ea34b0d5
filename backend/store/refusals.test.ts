import { describe, expect, it } from 'vitest';
import { createTally } from './refusals.ts';
import type { PlatformNote } from './store.ts';

const refused = (who: string, change: Partial<PlatformNote> = {}): PlatformNote => ({
  organizationId: 'acme',
  actor: { userId: null, username: null, address: who, userAgent: null, source: null },
  action: 'permission_denied',
  status: 'failure',
  detail: { code: 'not-found' },
  ...change,
});

describe('refusals', () => {
  it('are written at first, then counted, and told as one when the window ends', () => {
    const tally = createTally();
    const taken = Array.from({ length: 1000 }, () => tally.take(refused('192.0.2.1')));
    expect(taken.filter((one) => one === 'write')).toHaveLength(5);
    expect(tally.end()).toEqual([{ ...refused('192.0.2.1'), detail: { code: 'not-found', more_times: 995 } }]);
    expect(tally.end()).toEqual([]);
    expect(tally.take(refused('192.0.2.1'))).toBe('write');
  });

  it('of another, of another kind and in another organization are not lost among many', () => {
    const tally = createTally();
    for (let i = 0; i < 100; i++) tally.take(refused('192.0.2.1'));
    expect(tally.take(refused('192.0.2.2'))).toBe('write');
    expect(tally.take(refused('192.0.2.1', { action: 'guessing_slowed' }))).toBe('write');
    expect(tally.take(refused('192.0.2.1', { organizationId: 'other' }))).toBe('write');
  });

  it('from more places than can be told apart fill no chain either', () => {
    const tally = createTally();
    const taken = Array.from({ length: 10_000 }, (_, i) => tally.take(refused(`2001:db8::${i}`)));
    expect(taken.filter((one) => one === 'write')).toHaveLength(50);
    expect(tally.end()).toMatchObject([{ action: 'refusals_counted', detail: { more_times: 9950 } }]);
  });
});
