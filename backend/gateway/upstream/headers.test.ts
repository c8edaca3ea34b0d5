import { describe, expect, it } from 'vitest';
import { answerHeaders, requestHeaders, withoutToken } from './headers.ts';

describe('what is handed on of a request', () => {
  it('is nothing that only a door may read, and nothing that claims to be the door’s own word', () => {
    const headers = {
      accept: '*/*',
      authorization: 'Bearer x',
      cookie: 'a=b',
      host: 'h',
      'x-webxterm-assertion': 'forged',
      'x-forwarded-for': '203.0.113.9',
    };
    expect(requestHeaders({ headers })).toEqual({ accept: '*/*' });
  });

  it('is no length: where no body is handed on, the next request would be read as one', () => {
    expect(requestHeaders({ headers: { 'content-length': '50', accept: '*/*' } })).toEqual({ accept: '*/*' });
  });

  it('is nothing about its connection alone, whatever that names', () => {
    const headers = { connection: 'close, X-Private', 'x-private': '1', 'x-public': '2', te: 'trailers' };
    expect(requestHeaders({ headers })).toEqual({ 'x-public': '2' });
    expect(answerHeaders({ headers })).toEqual({ 'x-public': '2' });
  });

  it('is an address without a token, however it is spelled', () => {
    expect(withoutToken('/ws?cols=80&token=secret&%74oken=secret')).toBe('/ws?cols=80');
    expect(withoutToken('/ws?token=secret')).toBe('/ws');
  });
});
