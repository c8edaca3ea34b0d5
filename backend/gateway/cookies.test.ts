import { describe, expect, it } from 'vitest';
import { cookieHeader, readCookie } from './cookies.ts';

const cookie = { name: 'seen', path: '/api/x', maxAgeS: 600 } as const;

describe('a cookie of a row', () => {
  it.each([
    ['seen=abc', 'abc'],
    ['other=1; seen=abc; more=2', 'abc'],
    ['notseen=abc', null],
    ['', null],
    [undefined, null],
    ['seen', null],
    ['seen=', ''],
  ])('is read from “%s”', (header, value) => {
    expect(readCookie(cookie, header)).toBe(value);
  });

  it('is set for its path and time, out of reach of scripts and other sites', () => {
    expect(cookieHeader(cookie, 'abc', false)).toBe('seen=abc; Path=/api/x; Max-Age=600; HttpOnly; SameSite=Lax');
    expect(cookieHeader(cookie, 'abc', true)).toMatch(/; Secure$/);
    expect(cookieHeader(cookie, null, false)).toContain('seen=; Path=/api/x; Max-Age=0;');
  });
});
