import { describe, expect, it } from 'vitest';
import { errors, type ErrorCode } from '../../protocol/api/errors.ts';
import { errorAnswer, knownFault } from './refusal.ts';

describe('an error answer', () => {
  it.each(Object.keys(errors).filter((code): code is ErrorCode => code in errors))(
    'has the status and the sentence of %s',
    (code) => {
      const answer = errorAnswer({ code }, 'the-id');
      expect(answer.status).toBe(errors[code].status);
      expect(answer.body).toEqual({ error: errors[code].sentence, code, request_id: 'the-id' });
    },
  );

  it('says when to try again in whole seconds, never at once', () => {
    expect(errorAnswer({ code: 'slow-down', retryAfterS: 0.01 }, '').headers['retry-after']).toBe('1');
    expect(errorAnswer({ code: 'slow-down', retryAfterS: 2.1 }, '').headers['retry-after']).toBe('3');
  });
});

describe('what was thrown', () => {
  it('is told by its code where it is known', () => {
    expect(knownFault(Object.assign(new Error('full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 }))).toBe(
      'storage-full',
    );
    expect(knownFault(Object.assign(new Error('full'), { code: 'ENOSPC' }))).toBe('storage-full');
    expect(knownFault(Object.assign(new Error('busy'), { code: 'ERR_SQLITE_ERROR', errcode: 5 }))).toBe(
      'store-unavailable',
    );
    expect(knownFault(Object.assign(new Error('body'), { code: 'FST_ERR_CTP_BODY_TOO_LARGE' }))).toBe('too-large');
  });

  it('is a bug otherwise, of which nothing is told', () => {
    expect(knownFault(new Error('select * from users'))).toBeNull();
    expect(knownFault('text')).toBeNull();
    expect(knownFault(undefined)).toBeNull();
    expect(knownFault(Object.assign(new Error('x'), { code: 'toString' }))).toBeNull();
  });
});
