import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CustomScheme } from 'electron';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declareScheme, servePage } from './page-protocol.ts';

let folder = '';
let handle: (request: Request) => Promise<Response> | Response = () => new Response();
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'webxterm-app-protocol-'));
  await mkdir(path.join(folder, 'assets'));
  await writeFile(path.join(folder, 'index.html'), '<meta nonce="CSP-NONCE">');
  await writeFile(path.join(folder, 'assets/a.js'), 'run()');
  let made = 0;
  const protocol = {
    handle: (_scheme: string, handler: typeof handle) => {
      handle = handler;
    },
  };
  servePage(protocol, { rendererFolder: folder, newNonce: () => `nonce-${made++}` });
});
afterAll(() => rm(folder, { recursive: true }));

// `Request` refuses no scheme, so a request of Electron can be made.
const ask = async (url: string, method = 'GET') => handle(new Request(url, { method }));

it('the app’s scheme is an origin of its own, secure, and cannot bypass its policy', () => {
  const declared: CustomScheme[] = [];
  declareScheme({ registerSchemesAsPrivileged: (schemes) => declared.push(...schemes) });
  expect(declared).toEqual([
    {
      scheme: 'app',
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        bypassCSP: false,
        allowServiceWorkers: false,
        corsEnabled: false,
        allowExtensions: false,
      },
    },
  ]);
});

describe('app://', () => {
  it('serves the page under a policy that lets it connect nowhere, with a nonce for each load', async () => {
    const first = await ask('app://webxterm/');
    const policy = first.headers.get('content-security-policy') ?? '';
    const nonce = /nonce="([^"]+)"/u.exec(await first.text())?.[1] ?? 'none';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toContain('connect-src');
    expect(policy).not.toContain('unsafe-eval');
    const second = await ask('app://webxterm/index.html');
    expect(await second.text()).not.toContain(nonce);
  });

  it('serves the page’s parts', async () => {
    const part = await ask('app://webxterm/assets/a.js');
    expect(part.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(part.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await part.text()).toBe('run()');
  });

  it.each([
    ['another host', 'app://other/', 'GET'],
    ['a way out of the folder', 'app://webxterm/..%2f..%2fetc%2fpasswd', 'GET'],
    ['a file that is none of the page', 'app://webxterm/assets/none.js', 'GET'],
    ['a write', 'app://webxterm/', 'POST'],
  ])('has nothing for %s', async (_what, url, method) => {
    const answer = await ask(url, method);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('');
  });
});
