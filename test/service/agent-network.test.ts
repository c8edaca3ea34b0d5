/** The agent's way to its server: authorities, proxies, and what it says when there is no way. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAgent, newFolder } from './agent-process.ts';
import { eventually, join, linkOf, ownShells, reconfigure, TOKEN } from './agents-here.ts';
import { makeCertificates, type Certificates } from './core/certificates.ts';
import { closedPort, startProxy } from './core/sockets.ts';
import { startScriptedService } from './scripted-service.ts';

const NAME = 'shell.corp.test';
const made: { certificates?: Certificates } = {};
const certificates = () => {
  if (made.certificates === undefined) throw new Error('there are no certificates');
  return made.certificates;
};
beforeAll(async () => {
  made.certificates = await makeCertificates([NAME]);
});
afterAll(() => made.certificates?.[Symbol.asyncDispose]());

async function configure(host: string, env: Readonly<Record<string, string>> = {}, options: readonly string[] = []) {
  using folder = newFolder();
  const args = ['configure', '--host', host, '--token', '-', '--config', folder.path, ...options];
  return await (
    await runAgent(args, { input: TOKEN, env })
  ).ended;
}

describe('a corporate authority (corporate CA)', () => {
  it('that is not known here is refused, and the option that helps is named', async () => {
    await using service = await startScriptedService({ tls: certificates().server });
    const ended = await configure(service.url);
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.err).toContain('--ca FILE');
    expect(service.joined).toEqual([]); // no token went to somebody unknown
  });

  it('is believed when its file is given, for joining and for every connection after', async () => {
    await using service = await startScriptedService({ tls: certificates().server });
    await using joined = await join(service, { options: [...ownShells, '--ca', certificates().authorityFile] });
    await joined.start();
    expect((await service.nextAgent()).hello.agent_version).toBe('9.9.9');
  });

  it('is believed when the environment names it', async () => {
    await using service = await startScriptedService({ tls: certificates().server });
    expect(await configure(service.url, { NODE_EXTRA_CA_CERTS: certificates().authorityFile })).toMatchObject({
      code: 0,
    });
  });

  it('whose file cannot be read is said so', async () => {
    const ended = await configure('https://127.0.0.1:1', {}, ['--ca', '/no/such/file']);
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.err).toContain('/no/such/file');
  });
});

describe('a corporate proxy', () => {
  it('leads the joining and the socket to the server', async () => {
    await using service = await startScriptedService({ tls: certificates().server, as: NAME });
    await using proxy = await startProxy({ leadTo: service.port });
    const env = { HTTPS_PROXY: proxy.url };
    await using joined = await join(service, { env, options: [...ownShells, '--ca', certificates().authorityFile] });
    await joined.start();
    await service.nextAgent();
    expect(proxy.asked).toEqual([`${NAME}:443`, `${NAME}:443`]);
  });

  it('gets its name and password, which are never shown', async () => {
    await using service = await startScriptedService({ tls: certificates().server, as: NAME });
    await using proxy = await startProxy({ leadTo: service.port, credentials: 'ann:pass-word-7' });
    const withPassword = proxy.url.replace('://', '://ann:pass-word-7@');
    const ca = ['--ca', certificates().authorityFile];
    expect(await configure(service.url, { HTTPS_PROXY: withPassword }, ca)).toMatchObject({ code: 0 });
    const wrong = await configure(service.url, { HTTPS_PROXY: withPassword.replace('7', '8') }, ca);
    expect(wrong).toMatchObject({ code: 1 });
    expect(wrong.err).toContain('wants a name and a password');
    expect(wrong.err).not.toContain('pass-word');
    expect(service.joined).toHaveLength(1);
  });

  it('is left out for whom NO_PROXY names', async () => {
    await using proxy = await startProxy();
    const ended = await configure(`https://${NAME}`, { HTTPS_PROXY: proxy.url, NO_PROXY: '.corp.test' });
    expect(ended).toMatchObject({ code: 1 });
    expect(proxy.asked).toEqual([]);
  });

  it('of a kind it cannot use is refused in words', async () => {
    const ended = await configure(`https://${NAME}`, { HTTPS_PROXY: 'gopher://proxy' });
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.err).toContain('proxy');
  });
});

/** Joined at one place, then sent to another. */
async function statusAt(
  host: string,
  change: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
) {
  await using service = await startScriptedService();
  await using joined = await join(service, { env });
  reconfigure(joined, { host, ...change });
  await joined.start();
  await eventually(() => linkOf(joined)?.at).toBe('waiting');
  return linkOf(joined);
}

describe('why is it offline? The status names the step that fails and when it is tried again', () => {
  it('the name', async () => {
    expect(await statusAt('https://no-such-name.invalid')).toMatchObject({
      failed_step: 'name',
      code: 'name-not-found',
    });
  });

  it('TCP', async () => {
    const link = await statusAt(`http://127.0.0.1:${await closedPort()}`);
    expect(link).toMatchObject({ failed_step: 'tcp', code: 'refused' });
    expect(link?.at === 'waiting' ? Date.parse(link.next_try_at) : 0).toBeGreaterThan(Date.parse('2020-01-01'));
  });

  it('the proxy', async () => {
    await using proxy = await startProxy({ refuseWith: 403 });
    const link = await statusAt(`https://${NAME}`, {}, { HTTPS_PROXY: proxy.url });
    expect(link).toMatchObject({ failed_step: 'proxy', code: 'proxy-failed' });
  });

  it('TLS: who signed, for which name, and the clock', async () => {
    const { server, otherName, expired, authorityFile: ca } = certificates();
    await using untrusted = await startScriptedService({ tls: server });
    expect(await statusAt(untrusted.url)).toMatchObject({ failed_step: 'tls', code: 'tls-untrusted' });
    await using elsewhere = await startScriptedService({ tls: otherName });
    expect(await statusAt(elsewhere.url, { ca })).toMatchObject({ failed_step: 'tls', code: 'tls-wrong-name' });
    await using over = await startScriptedService({ tls: expired });
    expect(await statusAt(over.url, { ca })).toMatchObject({ failed_step: 'tls', code: 'tls-clock' });
  });

  it('TLS: a server that is dialled without any, though nobody wished for that', async () => {
    expect(await statusAt(`http://${NAME}`)).toMatchObject({ failed_step: 'tls', code: 'not-encrypted' });
  });

  it('HTTP: a server of another kind, a busy one, one that knows itself by another name', async () => {
    await using other = await startScriptedService({ refuse: () => ({ status: 404, body: '<html>' }) });
    expect(await statusAt(other.url)).toMatchObject({ failed_step: 'http', code: 'not-this-api' });
    await using busy = await startScriptedService({
      refuse: () => ({ status: 503, headers: { 'retry-after': '120' } }),
    });
    const link = await statusAt(busy.url);
    expect(link).toMatchObject({ failed_step: 'http', code: 'busy' });
    expect(link?.at === 'waiting' ? Date.parse(link.next_try_at) - Date.now() : 0).toBeGreaterThan(100_000);
    const body = JSON.stringify({ error: 'This server does not answer for that host name.', code: 'wrong-host' });
    await using strict = await startScriptedService({ refuse: () => ({ status: 403, body }) });
    expect(await statusAt(strict.url)).toMatchObject({ failed_step: 'http', code: 'wrong-host' });
  });

  it('the version: a WebSocket that does not speak this protocol', async () => {
    await using plain = await startScriptedService({ plain: true });
    expect(await statusAt(plain.url)).toMatchObject({ failed_step: 'version' });
  });

  it('nothing at all that answers', async () => {
    const mute = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const address = mute.address();
    await using service = await startScriptedService();
    await using joined = await join(service);
    reconfigure(joined, { host: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` });
    const agent = await joined.start();
    await eventually(() => linkOf(joined)?.at).toBe('connecting');
    agent.child.kill('SIGTERM');
    expect(await agent.ended).toMatchObject({ code: 0 }); // it can be stopped in the middle of dialling
    mute.close();
  });
});
