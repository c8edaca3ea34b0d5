import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../backend/gateway/log.ts';
import { startBackend } from './backend.ts';
import { askUpgrade } from './upgrade.ts';

describe('the log', () => {
  it('holds no password, token or key, whatever was asked and however it went', async () => {
    await using backend = await startBackend();
    const password = 'correct-horse-battery';
    const account = await backend.signUp({ password });
    const { token, session_token } = await backend.signIn(account);
    const created = await backend.request('POST', '/api/machines', { token, body: { name: 'box' } });
    const registration = /"registration_token":"([^"]+)"/.exec(JSON.stringify(created.body))?.[1] ?? 'none';
    const secrets = [
      password,
      token,
      session_token,
      registration,
      'wrong-password-typed',
      'secret-in-path',
      'secret-in-json',
    ];

    await backend.request('POST', '/api/auth/login', {
      body: { email: account.email, password: 'wrong-password-typed' },
    });
    await backend.request('POST', '/api/auth/login', { body: `{"password":"secret-in-json"` });
    await backend.request('GET', `/api/users/me?token=${token}`);
    await backend.request('GET', `/nothing/secret-in-path?token=${token}`);
    await backend.request('POST', '/api/auth/refresh', { body: { token } });
    await backend.request('POST', '/api/agent/register', { body: { token: registration } });
    await askUpgrade(`${backend.url}/api/terminal/${crypto.randomUUID()}/ws?token=${token}`);
    await backend.request('POST', '/api/auth/logout', { token });
    await wait(0);

    expect(backend.logged.length).toBeGreaterThanOrEqual(10);
    for (const secret of secrets) expect(backend.logged.join(''), secret).not.toContain(secret);
  });

  it('says of each request what an operator asks for, as one line of JSON', async () => {
    await using backend = await startBackend();
    const answer = await backend.request('GET', '/api/machines');
    await expect
      .poll(() => backend.logged.map((line): unknown => JSON.parse(line)))
      .toContainEqual(
        expect.objectContaining({
          request_id: answer.headers.get('x-request-id'),
          method: 'GET',
          route: 'machines.list',
          status: 401,
          address: '127.0.0.1',
        }),
      );
  });

  it('strikes out by name what should never have come so far', () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => lines.push(line) });
    log.info(
      { token: 'aa-secret', headers: { authorization: 'bb-secret' }, body: { user: { password: 'cc-secret' } } },
      'x',
    );
    expect(lines.join('')).not.toMatch(/..-secret/);
    expect(lines.join('')).toContain('[secret]');
  });
});

describe('metrics', () => {
  it('count requests by row and status, and name nobody', async () => {
    await using backend = await startBackend();
    const account = await backend.signUp();
    const { token } = await backend.signIn(account);
    await backend.request('GET', '/api/machines', { token });
    await backend.request('GET', '/api/machines');
    await backend.request('GET', `/nothing/${account.username}`);
    const metrics = await backend.request('GET', '/metrics');
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4');
    const text = String(metrics.body);
    expect(text).toContain('webxterm_http_requests_total{route="machines.list",status="200"} 1');
    expect(text).toContain('webxterm_http_requests_total{route="machines.list",status="401"} 1');
    expect(text).toContain('webxterm_http_requests_total{route="none",status="404"} 1');
    expect(text).toMatch(/webxterm_http_request_duration_seconds_count\{route="auth.login"\} 1/);
    expect(text).not.toContain(account.username);
  });
});
