import { describe, expect, it } from 'vitest';
import { placeOf } from './failure-place.ts';

describe('a sign-in that failed', () => {
  it.each(['name-not-found', 'refused', 'tls-untrusted', 'proxy-failed', 'not-this-api'] as const)(
    'is told at the server address when it is %s',
    (code) => expect(placeOf(code)).toBe('address'),
  );
  it('is told at the password when the password or the email is wrong', () => {
    expect(placeOf('wrong-credentials')).toBe('password');
  });
  it.each(['slow-down', 'mail-failed', 'sign-in-over', 'account-disabled'] as const)(
    'is told for the whole form when it is %s',
    (code) => expect(placeOf(code)).toBe('form'),
  );
});
