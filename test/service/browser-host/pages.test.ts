/** What the browser host hands out over HTTP, and under which rules the page then lives. */
import { describe, expect, it } from 'vitest';
import { startHost } from './running-host.ts';

describe('the page', () => {
  it('may run its own scripts, connect to its own sockets, and nothing else', async () => {
    await using host = await startHost();
    const { status, headers, body } = await host.ask({});
    const nonce = /nonce="([^"]+)"/u.exec(body)?.[1] ?? 'none';
    expect(status).toBe(200);
    expect(String(headers['content-security-policy']).split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      "style-src-attr 'unsafe-inline'",
      "img-src 'self' data:",
      "font-src 'self'",
      `connect-src ws://127.0.0.1:${host.port}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
  });

  it('has another nonce at each load', async () => {
    await using host = await startHost();
    const nonces = await Promise.all(
      Array.from({ length: 5 }, async () => /nonce="([^"]+)"/u.exec((await host.ask({})).body)?.[1]),
    );
    expect(new Set(nonces).size).toBe(5);
    expect(nonces.every((nonce) => nonce && nonce.length >= 22 && nonce !== 'CSP-NONCE')).toBe(true);
  });

  it('has parts that may be kept, and HEAD without a body', async () => {
    await using host = await startHost();
    const part = await host.ask({ path: '/assets/app-1.js?v=1' });
    expect(part).toMatchObject({ status: 200, body: 'run()' });
    expect(part.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(part.headers['cache-control']).toContain('immutable');
    expect(await host.ask({ method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });
});

describe('refused over HTTP', () => {
  it.each([
    ['a way out of the folder', { path: '/../profile/desktop.sock' }, 404],
    ['an encoded way out of the folder', { path: '/assets/%2e%2e/%2e%2e/profile/launch' }, 404],
    ['a whole address as the path', { path: 'http://127.0.0.1/index.html' }, 404],
    ['a file that is none of the page', { path: '/package.json' }, 404],
    ['a rebound name', { headers: { Host: 'localhost' } }, 421],
    ['a foreign origin', { headers: { Origin: 'https://evil.example' } }, 403],
    ['a frame or script of a foreign page', { headers: { 'Sec-Fetch-Site': 'cross-site' } }, 403],
    ['a write', { method: 'PUT' }, 405],
    ['an address of the launch', { path: '/launch?token=x' }, 405],
  ])('%s', async (_what, request, status) => {
    await using host = await startHost();
    const reply = await host.ask(request);
    expect(reply.status).toBe(status);
    expect(reply.headers['content-security-policy']).toContain("default-src 'none'");
    expect(host.errors).toEqual([]);
  });
});
