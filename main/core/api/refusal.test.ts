import { describe, expect, it } from 'vitest';
import { auth } from '../../../protocol/api/auth.ts';
import { machines } from '../../../protocol/api/machines.ts';
import type { Row } from '../../../protocol/api/row.ts';
import { refusalFailure, type Refusal } from './refusal.ts';

const refusal = (status: number, body: unknown, more: Partial<Refusal> = {}): Refusal => ({
  status,
  text: typeof body === 'string' ? body : JSON.stringify(body),
  retryAfter: undefined,
  location: undefined,
  ...more,
});

const codeOf = (row: Row, status: number) => refusalFailure(row, refusal(status, { error: 'no' }), 0).code;

describe('a refusal', () => {
  it('keeps its code, its sentence, its request id and its fields', () => {
    const fields = [{ path: 'name', message: 'too long' }];
    const body = { error: 'Some fields are wrong.', code: 'invalid-fields', request_id: 'r-1', fields };
    expect(refusalFailure(machines.create, refusal(400, body), 0)).toEqual({
      code: 'invalid-fields',
      message: 'Some fields are wrong.',
      request_id: 'r-1',
      fields,
    });
  });

  it('of another server of the contract, that sends no codes, is known by its row and status', () => {
    expect(codeOf(auth.login, 401)).toBe('wrong-credentials');
    expect(codeOf(auth.refresh, 401)).toBe('token-invalid');
    expect(codeOf(machines.get, 404)).toBe('not-found');
    expect(codeOf(machines.list, 401)).toBe('not-signed-in');
    expect(codeOf(machines.list, 418)).toBe('bad-request');
    expect(codeOf(machines.list, 500)).toBe('unexpected');
  });

  it('of a newer server, with a code nobody here knows, is known by its status', () => {
    const failure = refusalFailure(machines.get, refusal(404, { error: 'Moon only.', code: 'moon-only' }), 0);
    expect(failure).toEqual({ code: 'not-found', message: 'Moon only.' });
  });

  it('says when to try again, in seconds, by either form of the header', () => {
    const body = { error: 'slow', code: 'slow-down' };
    const at = Date.UTC(2026, 0, 1);
    const after = (retryAfter: string) =>
      refusalFailure(auth.login, refusal(429, body, { retryAfter }), at).retry_after_s;
    expect(after('30')).toBe(30);
    expect(after(new Date(at + 90_000).toUTCString())).toBe(90);
    expect(after('soon')).toBe(undefined);
  });

  it('with an endless sentence is cut', () => {
    const failure = refusalFailure(auth.login, refusal(400, { error: 'x'.repeat(100_000) }), 0);
    expect(failure.message.length).toBe(500);
  });
});
