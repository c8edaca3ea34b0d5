/** The locale of a shell: always UTF-8 where the system has such a one. */
import { describe, expect, it } from 'vitest';
import { utf8Locale } from './locale.ts';

const installed = ['C', 'C.utf8', 'POSIX', 'de_DE.utf8', 'de_DE'];

describe('utf8Locale', () => {
  it('keeps what was chosen, however it is spelled', () => {
    expect(utf8Locale({ chosen: [{ LANG: 'de_DE.UTF-8' }], installed })).toEqual({ LANG: 'de_DE.UTF-8' });
  });

  it('the person’s choice counts before the system’s, and single settings stay', () => {
    const chosen = [{ LANG: 'C.UTF-8' }, { LANG: 'de_DE.UTF-8', LC_TIME: 'de_DE.UTF-8' }];
    expect(utf8Locale({ chosen, installed })).toEqual({ LANG: 'C.UTF-8', LC_TIME: 'de_DE.UTF-8' });
  });

  it('replaces one that is not UTF-8 or not installed', () => {
    const chosen = [{ LANG: 'de_DE@euro', LC_TIME: 'fr_FR.UTF-8' }];
    expect(utf8Locale({ chosen, installed })).toEqual({ LANG: 'C.UTF-8' });
  });

  it('takes any UTF-8 there is, else none', () => {
    expect(utf8Locale({ chosen: [], installed: ['POSIX', 'ja_JP.utf8'] })).toEqual({ LANG: 'ja_JP.utf8' });
    expect(utf8Locale({ chosen: [], installed: ['POSIX'] })).toEqual({ LANG: 'C' });
  });

  it('believes the names where nobody can be asked', () => {
    expect(utf8Locale({ chosen: [{ LANG: 'tr_TR.UTF-8' }], installed: null })).toEqual({ LANG: 'tr_TR.UTF-8' });
    expect(utf8Locale({ chosen: [], installed: null })).toEqual({ LANG: 'C.UTF-8' });
  });

  it('hands on nothing that only looks like a locale, and no LC_ALL', () => {
    const chosen = [{ LC_ALL: 'C.UTF-8', LC_SECRET_1: 'x.UTF-8', LANGUAGE: 'de.UTF-8', TOKEN: 'a.UTF-8' }];
    expect(utf8Locale({ chosen, installed })).toEqual({ LANG: 'C.UTF-8' });
  });
});
