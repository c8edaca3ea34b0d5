/** Each way in which a server cannot be reached, by what a person would see: `servers.check` over real sockets, TLS and proxies. */
import { writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SettingsPatch } from '../../protocol/bridge/settings.ts';
import { makeFolder, type Folder } from '../e2e/product/folder.ts';
import { makeCertificates, type Certificates } from './core/certificates.ts';
import { openDesktop, type DesktopOptions } from './core/desktop.ts';
import { closedPort, serveHttp, serveHttps, serveTcp, startProxy } from './core/sockets.ts';

let certificates: Certificates;
let folder: Folder;
beforeAll(async () => {
  certificates = await makeCertificates();
  folder = await makeFolder('failures');
});
afterAll(async () => {
  await certificates[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const json =
  (status: number, body: unknown): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
const healthy = json(200, { status: 'ok', service: 'webxterm', version: '9.9.9' });

/** What the check says: the code of the failure, or what was found. */
async function check(address: string, network: SettingsPatch['network'] = {}, options: DesktopOptions = {}) {
  await using desktop = await openDesktop(options);
  await desktop.window.call('settings.update', { network });
  const answer = await desktop.window.call('servers.check', { address });
  if (answer.ok) return { found: answer.value, code: null, detail: '' };
  return { found: null, code: answer.failure.code, detail: answer.failure.detail ?? '' };
}

describe('a server that answers', () => {
  it('is found, with its version, and is remembered', async () => {
    await using server = await serveHttp(healthy);
    await using desktop = await openDesktop();
    const answer = await desktop.window.call('servers.check', { address: ` 127.0.0.1:${server.port}/api/ ` });
    expect(answer).toEqual({
      ok: true,
      value: { address: server.url, version: '9.9.9', encrypted: false, local: true, providers: [] },
    });
    await expect.poll(() => desktop.window.latest('accounts.changed')?.last_address).toBe(server.url);
    await using again = await desktop.restart();
    await expect.poll(() => again.window.latest('accounts.changed')?.last_address).toBe(server.url);
  });

  it('of another kind, that says no version, is found too', async () => {
    await using server = await serveHttp(json(200, { status: 'ok' }));
    expect(await check(server.url)).toMatchObject({ found: { version: null } });
  });

  it('without TLS on another computer is found, but called neither encrypted nor local', async () => {
    await using server = await serveHttp(healthy);
    await using proxy = await startProxy();
    await using plain = await serveHttp((request, response) => {
      if (request.url === 'http://far.example/health') healthy(request, response);
      else response.writeHead(500).end();
    });
    expect(server.port).not.toBe(proxy.port);
    expect(await check('http://far.example', { proxy: 'manual', proxy_url: plain.url })).toMatchObject({
      found: { address: 'http://far.example', encrypted: false, local: false },
    });
  });
});

describe('an address', () => {
  it.each(['', '   ', 'http://', 'not a host', 'ftp://files.example', 'https://ada:secret@host.example'])(
    'that is none (%j) is bad-address, and nothing is dialled',
    async (address) => {
      expect(await check(address)).toMatchObject({ code: 'bad-address' });
    },
  );

  it('that nobody has given to a server is name-not-found', async () => {
    expect(await check('https://no-such-server.invalid')).toMatchObject({ code: 'name-not-found' });
  });

  it('where nothing listens is refused', async () => {
    expect(await check(`http://127.0.0.1:${await closedPort()}`)).toMatchObject({ code: 'refused' });
  });

  it('to which there is no way is unreachable', async () => {
    expect(await check('http://255.255.255.255')).toMatchObject({ code: 'unreachable' });
  });
});

describe('a server', () => {
  it('that takes the connection and says nothing is timed-out', async () => {
    await using server = await serveTcp(() => undefined);
    expect(await check(server.url, {}, { callTimeoutMs: 300 })).toMatchObject({ code: 'timed-out' });
  });

  it('that breaks off within its answer is cut-off', async () => {
    await using server = await serveTcp((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"sta');
        socket.end();
      });
    });
    expect(await check(server.url)).toMatchObject({ code: 'cut-off' });
  });

  it('that hangs up before it answers is cut-off', async () => {
    await using server = await serveTcp((socket) => socket.once('data', () => socket.destroy()));
    expect(await check(server.url)).toMatchObject({ code: 'cut-off' });
  });

  it('that does not speak HTTP is not-this-api', async () => {
    await using server = await serveTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'));
    expect(await check(server.url)).toMatchObject({ code: 'not-this-api' });
  });

  it.each<[string, RequestListener]>([
    ['a page', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>')],
    ['a page that says no', (_, response) => response.writeHead(404).end('<h1>Not found</h1>')],
    ['other JSON', json(200, { hello: 'world' })],
    ['a refusal in JSON', json(404, { error: 'no such thing', code: 'unknown-route' })],
  ])('that answers with %s is not-this-api', async (_, handle) => {
    await using server = await serveHttp(handle);
    expect(await check(server.url)).toMatchObject({ code: 'not-this-api' });
  });

  it('that sends on to another address is not-this-api, says where, and is not followed', async () => {
    let followed = 0;
    await using other = await serveHttp((request, response) => {
      followed += 1;
      healthy(request, response);
    });
    await using server = await serveHttp((_, response) => response.writeHead(302, { location: other.url }).end());
    const { code, detail } = await check(server.url);
    expect({ code, followed }).toEqual({ code: 'not-this-api', followed: 0 });
    expect(detail).toContain(other.url);
  });

  it('that is away behind its reverse proxy is not-ready', async () => {
    await using server = await serveHttp((_, response) => response.writeHead(502).end('<h1>Bad gateway</h1>'));
    expect(await check(server.url)).toMatchObject({ code: 'not-ready' });
  });
});

describe('TLS', () => {
  it('with an authority nobody knows is tls-untrusted', async () => {
    await using server = await serveHttps(certificates.server, healthy);
    expect(await check(server.url)).toMatchObject({ code: 'tls-untrusted' });
  });

  it('corporate CA: works once its file is given', async () => {
    await using server = await serveHttps(certificates.server, healthy);
    const answer = await check(server.url, { extra_ca_file: certificates.authorityFile });
    expect(answer.found).toEqual({
      address: server.url,
      version: '9.9.9',
      encrypted: true,
      local: true,
      providers: [],
    });
  });

  it('corporate CA: works when the environment names its file', async () => {
    await using server = await serveHttps(certificates.server, healthy);
    const env = { NODE_EXTRA_CA_CERTS: certificates.authorityFile };
    expect((await check(server.url, {}, { env })).found?.address).toBe(server.url);
  });

  it('for another name is tls-failed', async () => {
    await using server = await serveHttps(certificates.otherName, healthy);
    const { code, detail } = await check(server.url, { extra_ca_file: certificates.authorityFile });
    expect(code).toBe('tls-failed');
    expect(detail).toContain('ALTNAME');
  });

  it('with a certificate that is over is tls-failed', async () => {
    await using server = await serveHttps(certificates.expired, healthy);
    const { code, detail } = await check(server.url, { extra_ca_file: certificates.authorityFile });
    expect(code).toBe('tls-failed');
    expect(detail).toContain('EXPIRED');
  });

  it('at a port that has none is tls-failed, and says how to write the address', async () => {
    await using server = await serveHttp(healthy);
    const { code, detail } = await check(`https://127.0.0.1:${server.port}`);
    expect(code).toBe('tls-failed');
    expect(detail).toContain(server.url);
  });

  it.each([
    ['is not there', 'missing.pem', null],
    ['holds no certificate', 'empty.pem', 'nothing of the kind'],
    ['is damaged', 'damaged.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ])('with an authority file that %s goes on without it and tells the person', async (_, name, content) => {
    const file = join(folder.path, name);
    if (content !== null) await writeFile(file, content);
    await using server = await serveHttp(healthy);
    await using desktop = await openDesktop();
    await desktop.window.call('settings.update', { network: { extra_ca_file: file } });
    expect(await desktop.window.call('servers.check', { address: server.url })).toMatchObject({ ok: true });
    await expect.poll(() => desktop.window.latest('notices.changed')?.[0]?.code).toBe('extra-ca-unreadable');
    expect(desktop.window.latest('notices.changed')?.[0]?.detail).toContain(file);
  });
});

describe('corporate proxy', () => {
  it('set by hand is used for a server beyond this computer, with its password', async () => {
    await using server = await serveHttps(certificates.server, healthy);
    await using proxy = await startProxy({ leadTo: server.port, credentials: 'ada:pass' });
    const address = `https://localhost.harbour.example:${server.port}`;
    const network = { proxy: 'manual', extra_ca_file: certificates.authorityFile } as const;
    const through = await check(address, { ...network, proxy_url: `http://ada:pass@127.0.0.1:${proxy.port}` });
    expect(through.code).toBe('tls-failed'); // by the certificate it sees that it reached the server
    expect(through.detail).toContain('ALTNAME');
    expect(proxy.asked).toEqual([`localhost.harbour.example:${server.port}`]);
  });

  it('of the environment is used, except for what NO_PROXY names', async () => {
    await using proxy = await startProxy({ refuseWith: 403 });
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: '.invalid' };
    expect(await check('https://far.example', {}, { env })).toMatchObject({ code: 'proxy-failed' });
    expect(await check('https://far.invalid', {}, { env })).toMatchObject({ code: 'name-not-found' });
    expect(await check('https://far.invalid', { proxy: 'none' }, { env })).toMatchObject({ code: 'name-not-found' });
    expect(proxy.asked).toEqual(['far.example:443']);
  });

  it('of the operating system is used where the environment says nothing', async () => {
    await using proxy = await startProxy({ refuseWith: 403 });
    const systemProxy = () => Promise.resolve(`PROXY 127.0.0.1:${proxy.port}; DIRECT`);
    expect(await check('https://far.example', {}, { systemProxy })).toMatchObject({ code: 'proxy-failed' });
    expect(await check('https://far.invalid', { proxy: 'none' }, { systemProxy })).toMatchObject({
      code: 'name-not-found',
    });
    expect(proxy.asked).toEqual(['far.example:443']);
  });

  it('is never asked for this computer itself', async () => {
    await using server = await serveHttp(healthy);
    await using proxy = await startProxy({ refuseWith: 403 });
    const answer = await check(server.url, { proxy: 'manual', proxy_url: `http://127.0.0.1:${proxy.port}` });
    expect(answer.found?.address).toBe(server.url);
    expect(proxy.asked).toEqual([]);
  });

  it.each([
    ['wants a password', { credentials: 'ada:pass' }],
    ['forbids the server', { refuseWith: 403 }],
    ['cannot reach the server', { refuseWith: 502 }],
  ])('that %s is proxy-failed', async (_, rules) => {
    await using proxy = await startProxy(rules);
    const answer = await check('https://far.example', { proxy: 'manual', proxy_url: `127.0.0.1:${proxy.port}` });
    expect(answer.code).toBe('proxy-failed');
    expect(answer.detail).toContain(String(proxy.port));
  });

  it('that is away is proxy-failed, and its password is not told', async () => {
    const port = await closedPort();
    const network = { proxy: 'manual', proxy_url: `http://ada:topsecret@127.0.0.1:${port}` } as const;
    const { code, detail } = await check('https://far.example', network);
    expect(code).toBe('proxy-failed');
    expect(detail).toContain(String(port));
    expect(detail).not.toContain('topsecret');
  });

  it('that says nothing is proxy-failed', async () => {
    await using proxy = await serveTcp(() => undefined);
    const network = { proxy: 'manual', proxy_url: proxy.url } as const;
    expect(await check('https://far.example', network, { callTimeoutMs: 300 })).toMatchObject({ code: 'proxy-failed' });
  });

  it('with an address that is none is proxy-failed', async () => {
    const network = { proxy: 'manual', proxy_url: 'http://[' } as const;
    expect(await check('https://far.example', network)).toMatchObject({ code: 'proxy-failed' });
  });
});
