/** Why a connection failed: the step, a stable code, a sentence that helps. */
import { describe, expect, it } from 'vitest';
import type { ConnectStep } from '../../protocol/agent/status.ts';
import { explainError, explainStatus, explainTimeout } from './failure.ts';

const route = { host: 'shell.example.org', encrypted: true, proxy: null };
const proxied = { ...route, proxy: 'http://proxy.corp:3128' };
const reported = (code: string) => Object.assign(new Error('words that may change'), { code });

describe('why is it offline? The failing step is named', () => {
  it.each<[ConnectStep, string, string]>([
    ['name', 'ENOTFOUND', 'name-not-found'],
    ['tcp', 'ECONNREFUSED', 'refused'],
    ['tcp', 'EHOSTUNREACH', 'unreachable'],
    ['tcp', 'ETIMEDOUT', 'timed-out'],
    ['tls', 'SELF_SIGNED_CERT_IN_CHAIN', 'tls-untrusted'],
    ['tls', 'CERT_NOT_YET_VALID', 'tls-clock'],
    ['tls', 'CERT_HAS_EXPIRED', 'tls-clock'],
    ['tls', 'ERR_TLS_CERT_ALTNAME_INVALID', 'tls-wrong-name'],
    ['tls', 'ECONNRESET', 'tls-failed'],
    ['http', 'ECONNRESET', 'cut-off'],
  ])('%s: %s is %s', (step, system, code) => {
    const failure = explainError(step, reported(system), route);
    expect(failure).toMatchObject({ step, code });
    expect(failure.message).toContain(system);
  });

  it('of many addresses that were tried, the first one’s error counts', () => {
    const error = new AggregateError([reported('ECONNREFUSED'), reported('ENETUNREACH')]);
    expect(explainError('tcp', error, route).code).toBe('refused');
  });

  it('a private authority is pointed to its option', () => {
    expect(explainError('tls', reported('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), route).message).toContain('--ca');
  });

  it('the proxy is named where it is the proxy', () => {
    expect(explainError('proxy', reported('ECONNREFUSED'), proxied)).toMatchObject({ code: 'proxy-failed' });
    expect(explainStatus('proxy', 407, undefined, proxied).message).toMatch(
      /proxy\.corp:3128 wants a name and a password/u,
    );
    expect(explainTimeout('proxy', proxied).message).toContain('proxy.corp');
  });
});

describe('an HTTP answer', () => {
  it('of a busy server says when to come back', () => {
    expect(explainStatus('http', 503, '30', route)).toMatchObject({ code: 'busy', retryAfterS: 30 });
    expect(explainStatus('http', 429, 'Wed, 21 Oct 2026 07:28:00 GMT', route)).not.toHaveProperty('retryAfterS');
  });

  it('of anything else is no server of this kind', () => {
    expect(explainStatus('http', 404, undefined, route)).toMatchObject({ step: 'http', code: 'not-this-api' });
  });
});
