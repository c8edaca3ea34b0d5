/** Machines and sessions of an account, on the reference backend, on another server of the contract, and through a proxy. */
import { describe, expect, it } from 'vitest';
import { startBackend } from './backend.ts';
import { makeCertificates } from './core/certificates.ts';
import { AGENT_ID, startContractServer } from './core/contract-server.ts';
import { openDesktop } from './core/desktop.ts';
import { knownMachines, onlyAccount, signIn, stateOf } from './core/people.ts';
import { startProxy } from './core/sockets.ts';
import { joinScripted } from './scripted-agent.ts';

const ben = { email: 'ada@harbour.test', password: 'whatever it is' };

describe('adding a machine', () => {
  it('gives the exact commands and a token, and the machine is seen coming online', async () => {
    await using backend = await startBackend();
    await using desktop = await openDesktop();
    const account = await signIn(desktop, backend, await backend.signUp());
    const wish = { account, name: "Ada's crane", description: 'by the water', tags: ['dock'] };
    const made = await desktop.window.call('machines.create', wish);
    if (!made.ok) throw new Error(made.failure.message);
    const { agent_id: agentId, registration_token: token, commands } = made.value;
    expect(commands.find(({ os }) => os === 'linux')?.command).toBe(
      `curl -fsSL ${backend.url}/install/agent.sh | sh -s -- --host ${backend.url} --name 'Ada'\\''s crane'`,
    );
    expect(JSON.stringify(commands)).not.toContain(token);
    await expect.poll(() => knownMachines(desktop.window, account).get(agentId)?.status).toBe('pending');
    const agent = await joinScripted(backend, token);
    const link = await agent.connect();
    await expect.poll(() => knownMachines(desktop.window, account).get(agentId)?.status).toBe('online');
    expect(await desktop.window.call('machines.get', { account, agent_id: agentId })).toMatchObject({
      ok: true,
      value: { name: "Ada's crane", description: 'by the water', tags: ['dock'] },
    });
    await link[Symbol.asyncDispose]();
    expect(await desktop.window.call('machines.remove', { account, agent_id: agentId })).toEqual({
      ok: true,
      value: null,
    });
    await expect.poll(() => knownMachines(desktop.window, account).names).toEqual([]);
    expect(await desktop.window.call('machines.get', { account, agent_id: agentId })).toMatchObject({
      failure: { code: 'not-found' },
    });
  });

  it('by a name that is none says which field is wrong', async () => {
    await using backend = await startBackend();
    await using desktop = await openDesktop();
    const account = await signIn(desktop, backend, await backend.signUp());
    expect(await desktop.window.call('machines.create', { account, name: '   ' })).toMatchObject({
      failure: { code: 'invalid-fields', fields: [{ path: 'name' }] },
    });
  });

  it('asks the server for everything once more when the person wishes', async () => {
    await using backend = await startBackend();
    await using desktop = await openDesktop();
    const account = await signIn(desktop, backend, await backend.signUp());
    await expect.poll(() => stateOf(desktop)).toBe('online');
    const before = desktop.window.heard('machines.changed').filter(({ replace }) => replace).length;
    expect(await desktop.window.call('machines.refresh', { account })).toEqual({ ok: true, value: null });
    await expect
      .poll(() => desktop.window.heard('machines.changed').filter(({ replace }) => replace).length)
      .toBeGreaterThan(before);
  });
});

describe('a server of another kind', () => {
  it('without events, codes and our fields: its lists are shown, and asked for when the person wishes', async () => {
    await using server = await startContractServer();
    await using desktop = await openDesktop();
    const account = await signIn(desktop, server, ben);
    await expect.poll(() => stateOf(desktop)).toBe('online');
    await expect.poll(() => knownMachines(desktop.window, account)).toMatchObject({ load: 'live', names: ['crane'] });
    server.becomes('offline');
    await desktop.window.call('machines.refresh', { account });
    await expect.poll(() => knownMachines(desktop.window, account).get(AGENT_ID)?.status).toBe('offline');
    expect(server.asked.filter((each) => each === 'GET /api/events').length).toBe(1);
  });

  it.each([
    [
      'wants a one-time code',
      { message: 'm', requires_otp: true, username: 'ada', tenants: [], session_token: 's', otp_expires_in_min: 10 },
      { ok: true, value: { at: 'code', email: ben.email } },
    ],
    [
      'wants an organization to be chosen',
      { requires_tenant_selection: true, tenants: [], session_token: 's' },
      { ok: true, value: { at: 'organization' } },
    ],
    ['answers outside the contract', { welcome: 'ada' }, { ok: false, failure: { code: 'not-understood' } }],
  ])('that %s at sign-in is gone along with or told plainly, and no account is made', async (_, login, expected) => {
    await using server = await startContractServer({ login });
    await using desktop = await openDesktop();
    const answer = await desktop.window.call('accounts.sign-in', { address: server.url, ...ben });
    expect(answer).toMatchObject(expected);
    expect(onlyAccount(desktop)).toBe(undefined);
  });
});

describe('corporate CA and proxy', () => {
  it('every connection goes through them, requests and WebSockets alike', async () => {
    await using certificates = await makeCertificates(['crane.harbour.test']);
    await using server = await startContractServer({ certificate: certificates.server });
    await using proxy = await startProxy({ leadTo: server.port, credentials: 'ada:pass' });
    await using desktop = await openDesktop();
    const network = {
      proxy: 'manual',
      proxy_url: `http://ada:pass@127.0.0.1:${proxy.port}`,
      extra_ca_file: certificates.authorityFile,
    } as const;
    await desktop.window.call('settings.update', { network });
    const url = `https://crane.harbour.test:${server.port}`; // the proxy alone knows where that is
    await signIn(desktop, { url }, ben);
    await expect.poll(() => stateOf(desktop)).toBe('online');
    expect(server.asked).toContain('GET /api/events');
    expect(proxy.asked.length).toBeGreaterThanOrEqual(3);
    expect(new Set(proxy.asked)).toEqual(new Set([`crane.harbour.test:${server.port}`]));
  });

  it('a change of them connects anew at once, and what is wrong with them is told', async () => {
    await using certificates = await makeCertificates(['crane.harbour.test']);
    await using server = await startContractServer({ certificate: certificates.server });
    await using open = await startProxy({ leadTo: server.port });
    await using closed = await startProxy({ refuseWith: 403 });
    const env = { HTTPS_PROXY: open.url, NODE_EXTRA_CA_CERTS: certificates.authorityFile };
    await using desktop = await openDesktop({ env });
    await signIn(desktop, { url: 'https://crane.harbour.test' }, ben);
    await expect.poll(() => stateOf(desktop)).toBe('online');
    await desktop.window.call('settings.update', { network: { proxy: 'manual', proxy_url: closed.url } });
    await expect.poll(() => onlyAccount(desktop)?.failure?.code).toBe('proxy-failed');
    await desktop.window.call('settings.update', { network: { proxy: 'system' } });
    await expect.poll(() => stateOf(desktop)).toBe('online');
  });
});
