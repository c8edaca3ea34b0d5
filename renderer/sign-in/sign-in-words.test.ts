import { describe, expect, it } from 'vitest';
import { clock, secondsLeft, secondsUntil, wordsOf } from './sign-in-words.ts';

const first = { title: 'Sign in', description: 'to the server' };
const over = { code: 'sign-in-over' as const, message: 'Too late.' };

describe('the words over a step', () => {
  it('are those of the beginning before it, and once it is over', () => {
    expect(wordsOf(null, first)).toBe(first);
    expect(wordsOf({ sign_in: 's', at: 'over', failure: over }, first)).toBe(first);
  });
  it('say where the code was sent to', () => {
    const code = { sign_in: 's', at: 'code' as const, organization: 'Harbour', used_up: false };
    const times = { expires_at: '2026-01-15T00:10:00Z', resend_at: '2026-01-15T00:00:30Z' };
    expect(wordsOf({ ...code, ...times, email: 'ada@harbour.test' }, first).description).toContain('ada@harbour.test');
    expect(wordsOf({ ...code, ...times, email: null }, first).description).toContain('address of your account');
  });
});

describe('a countdown', () => {
  it('is in whole seconds, and never below none', () => {
    const at = Date.parse('2026-01-15T00:00:00Z');
    expect(secondsUntil(at + 64_200, at)).toBe(65);
    expect(secondsLeft(at + 64_200, at)).toBe(64);
    expect([secondsUntil(at - 1500, at), secondsLeft(at - 1500, at)]).toEqual([0, 0]);
    expect(clock(65)).toBe('1:05');
  });
});
