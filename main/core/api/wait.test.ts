import { describe, expect, it } from 'vitest';
import { apiFailure } from '../outcome.ts';
import { waitBefore } from './wait.ts';

const asked = (seconds: number) => ({ ...apiFailure('slow-down'), retry_after_s: seconds });

describe('the wait before the next try', () => {
  it('is the usual one, unless the server asks for more, within reason', () => {
    expect(waitBefore(apiFailure('slow-down'), 500)).toBe(500);
    expect(waitBefore(asked(30), 500)).toBe(30_000);
    expect(waitBefore(asked(0), 500)).toBe(500);
    expect(waitBefore(asked(1e9), 500)).toBe(600_000);
  });
});
