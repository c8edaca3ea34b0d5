import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { signingSecret } from '../../backend/data/data-folder.ts';
import { ASSERTION, createVoucher, type Vouched } from '../../backend/gateway/assertion.ts';
import { reached, startBackend, type Backend } from './backend.ts';
import { startRole, startTwo, untilReady, type TwoServices } from './deployment.ts';
import { aColleague, aJoinedMachine, aMachine, anAdmin, type Person } from './people.ts';
import { newAgentKey, register } from './scripted-agent.ts';
import { scriptedMachines } from './scripted-machines.ts';
import { connectTerminal } from './terminal-client.ts';
import { askUpgrade } from './upgrade.ts';

const refused = { status: 403, code: 'not-vouched' };
async function ask(url: string, headers: Record<string, string> = {}, method = 'GET') {
  const asked = httpRequest(url, { method, headers, agent: false });
  asked.end();
  const [answer] = z.tuple([z.custom<IncomingMessage>()]).parse(await once(asked, 'response'));
  const body = z.looseObject({ code: z.string().optional() }).parse(JSON.parse(await text(answer)));
  return { status: answer.statusCode, code: body.code, body };
}

/** The `sid` of its token. */
function signInOf({ token }: Person): string {
  const [, claims = ''] = token.split('.');
  return z.object({ sid: z.string() }).parse(JSON.parse(Buffer.from(claims, 'base64url').toString())).sid;
}

describe('the machine service', () => {
  let backend: Backend;
  let admin: Person;
  let secret: string;
  beforeAll(async () => {
    backend = await startBackend({ deployment: 'two' });
    admin = await anAdmin(backend);
    secret = readFileSync(join(backend.dataFolder, 'jwt-secret'), 'utf8').trim();
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  const list = '/api/machines';
  const vouched = (change: Partial<Vouched['visitor']> = {}): Vouched => ({
    bearer: { sid: signInOf(admin), user_id: admin.userId, organization_id: admin.organizationId },
    visitor: { requestId: randomUUID(), address: '203.0.113.7', source: 'cli', host: 'localhost', ...change },
  });
  interface Signed {
    readonly by?: string;
    readonly now?: () => number;
    readonly method?: string;
    readonly target?: string;
  }
  const sign = async ({ by = secret, now = Date.now, method = 'GET', target = list }: Signed = {}, who?: Vouched) =>
    createVoucher({ secret: by, now }).sign(who ?? vouched(), { method, target });
  const straight = (assertion: string, target = list, method = 'GET') =>
    ask(backend.machinesUrl + target, { [ASSERTION]: assertion }, method);

  it('answers what the auth service vouches for', async () => {
    expect(await straight(await sign())).toMatchObject({ status: 200, body: { machines: [] } });
  });

  it.each([
    ['a minute old', { now: () => Date.now() - 61_000 }],
    ['of a minute from now', { now: () => Date.now() + 61_000 }],
    ['for another path', { target: '/api/dashboard/stats' }],
    ['for another query', { target: `${list}?q=x` }],
    ['for another method', { method: 'POST' }],
    ['signed by somebody else', { by: 'x'.repeat(40) }],
  ])('takes no assertion that is %s', async (_what, signed) => {
    expect(await straight(await sign(signed))).toMatchObject(refused);
  });

  it('takes each assertion once', async () => {
    const assertion = await sign();
    expect((await straight(assertion)).status).toBe(200);
    expect(await straight(assertion)).toMatchObject(refused);
  });

  it('takes no token, neither as a token nor as an assertion', async () => {
    expect(await ask(backend.machinesUrl + list, { authorization: `Bearer ${admin.token}` })).toMatchObject(refused);
    expect(await straight(admin.token)).toMatchObject(refused);
    const terminal = `/api/terminal/${randomUUID()}/ws?token=${admin.token}`;
    expect(await askUpgrade(backend.machinesUrl + terminal)).toMatchObject({
      status: 403,
      body: { code: 'not-vouched' },
    });
  });

  it('hears no agent that comes straight, and lets nobody onto its bus', async () => {
    const joined = await register({ url: backend.machinesUrl }, 'vsay_rt_0123456789abcdef', newAgentKey());
    expect(joined.status).toBe(403);
    for (const path of ['/api/agent/ws', '/internal/bus']) {
      expect(await askUpgrade(backend.machinesUrl + path)).toMatchObject({
        status: 403,
        body: { code: 'not-vouched' },
      });
      expect((await askUpgrade(backend.url + path, { authorization: `Bearer ${admin.token}` })).status).not.toBe(101);
    }
    expect(await ask(`${backend.url}/internal/bus`)).toMatchObject({ status: 404, code: 'unknown-route' });
  });

  it('tells strangers nothing of its addresses, under whatever name they come', async () => {
    for (const path of [list, '/api/nothing', '/']) {
      expect(await ask(backend.machinesUrl + path, { host: 'evil.example' })).toMatchObject(refused);
    }
    expect((await ask(`${backend.machinesUrl}/health`, { host: '10.0.0.1' })).status).toBe(200);
  });

  it('has the client’s address from the assertion, whatever X-Forwarded-For says', async () => {
    const who = vouched();
    const assertion = await sign({}, who);
    await ask(backend.machinesUrl + list, { [ASSERTION]: assertion, 'x-forwarded-for': '198.51.100.9' });
    await expect
      .poll(() => backend.logged.filter((line) => line.includes(who.visitor.requestId)))
      .toEqual([expect.stringContaining('"address":"203.0.113.7"')]);
  });

  it('reads rights from the store itself: a sign-in that ended since, or an account of elsewhere, is let in no more', async () => {
    const other = await anAdmin(backend);
    const ended = vouched();
    await backend.request('POST', '/api/auth/logout', { token: other.token });
    const gone = { sid: signInOf(other), user_id: other.userId, organization_id: other.organizationId };
    expect(await straight(await sign({}, { ...ended, bearer: gone }))).toMatchObject({
      status: 401,
      code: 'token-revoked',
    });
    const elsewhere = { ...vouched(), bearer: { ...gone, sid: signInOf(admin), user_id: admin.userId } };
    expect(await straight(await sign({}, elsewhere))).toMatchObject(refused);
  });

  it('says the same request id as the auth service, in answers and in both logs', async () => {
    const answer = await backend.request('GET', `/api/machines/${randomUUID()}`, { token: admin.token });
    const id = answer.headers.get('x-request-id');
    expect(answer.body).toMatchObject({ code: 'not-found', request_id: id });
    await expect.poll(() => backend.logged.filter((line) => line.includes(`"request_id":"${id}"`))).toHaveLength(2);
  });
});

describe('the auth service', () => {
  let dataFolder: string;
  let secret: string;
  const opened: AsyncDisposable[] = [];
  beforeEach(() => {
    dataFolder = mkdtempSync(join(tmpdir(), 'webxterm-two-'));
    const made = signingSecret(dataFolder);
    if (!made.ok) throw new Error(made.code);
    secret = made.value;
  });
  afterEach(async () => {
    for (const thing of opened.splice(0).toReversed()) await thing[Symbol.asyncDispose]();
    rmSync(dataFolder, { recursive: true });
  });
  const logged: string[] = [];
  async function before(url: string, limits = {}) {
    const auth = await startRole({ dataFolder, logged, limits, environment: { MACHINES_URL: url } }, 'auth');
    opened.push(auth);
    return `http://127.0.0.1:${auth.port}`;
  }
  async function withMachines(answer: Parameters<typeof scriptedMachines>[0]['answer'], limits = {}) {
    const machines = await scriptedMachines({ secret, answer });
    opened.push(machines);
    const url = await before(machines.url, limits);
    await untilReady(Number(new URL(url).port));
    return { machines, url };
  }
  const install = '/install/agent.sh';
  const json = { 'content-type': 'application/json' };

  it('hands on neither tokens, cookies, forwarded addresses nor anything that claims to be its own word', async () => {
    const { machines, url } = await withMachines((_request, response) => response.end('{}'));
    await ask(`${url}${install}?token=secret&cols=80&%74oken=secret`, {
      authorization: 'Bearer secret',
      cookie: 'a=secret',
      [ASSERTION]: 'secret',
      'x-webxterm-user': 'secret',
      'x-forwarded-for': 'secret',
      forwarded: 'for=secret',
      connection: 'x-mine',
      'x-mine': 'secret',
      'accept-language': 'en',
    });
    const [asked] = machines.asked;
    expect(asked?.url).toBe(`${install}?cols=80`);
    expect(asked?.headers).toMatchObject({ 'accept-language': 'en', host: new URL(machines.url).host });
    expect(JSON.stringify(asked?.headers)).not.toContain('secret');
    expect(asked?.headers[ASSERTION]).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('streams answers as they come, without what is about one connection only', async () => {
    const waiting: ServerResponse[] = [];
    const { url } = await withMachines((_request, response) => {
      response.writeHead(200, {
        connection: 'x-mine',
        'x-mine': '1',
        'content-type': 'text/x-shellscript',
        'content-security-policy': 'sandbox',
      });
      response.write('first');
      waiting.push(response);
    });
    const answer = await fetch(url + install);
    const reader = z.custom<ReadableStream<Uint8Array>>().parse(answer.body).getReader();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('first');
    waiting[0]?.end(' last');
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe(' last');
    expect(answer.headers.get('x-mine')).toBeNull();
    expect(answer.headers.get('content-security-policy')).toBe('sandbox');
  });

  it('streams bodies as they come, and stops at one that is too large', async () => {
    const heard: string[] = [];
    const { url } = await withMachines((request, response) => {
      request.on('data', (chunk: Buffer) => heard.push(chunk.toString()));
      request.on('end', () => response.end('{}'));
      request.on('error', () => undefined);
    });
    const asked = httpRequest(`${url}/api/agent/register`, { method: 'POST', headers: json, agent: false });
    asked.write('{"first":');
    await vi.waitFor(() => expect(heard).toEqual(['{"first":']));
    asked.end('1}');
    const [answer] = z.tuple([z.custom<IncomingMessage>()]).parse(await once(asked, 'response'));
    expect(answer.statusCode).toBe(200);
    expect(heard.join('')).toBe('{"first":1}');

    const large = 'x'.repeat(300 * 1024);
    const told = await fetch(`${url}/api/agent/register`, { method: 'POST', headers: json, body: large });
    expect(told.status).toBe(413);
    const chunked = new Blob([large]).stream();
    const untold = await fetch(`${url}/api/agent/register`, {
      method: 'POST',
      headers: json,
      body: chunked,
      duplex: 'half',
    });
    expect(untold.status).toBe(413);
  });

  it.each([
    ['HEAD', 200, { 'content-length': '7' }],
    ['GET', 304, {}],
  ])('passes an answer without a body: %s %d', async (method, status, headers) => {
    const { url } = await withMachines((_request, response) => response.writeHead(status, headers).end());
    const answer = await fetch(url + install, { method });
    expect(answer.status).toBe(status);
    expect(await answer.text()).toBe('');
    if (method === 'HEAD') expect(answer.headers.get('content-length')).toBe('7');
  });

  it('ends what it asked when its client is gone', async () => {
    const closed = vi.fn();
    const { url } = await withMachines((_request, response) => {
      response.on('close', closed);
      response.write('first');
    });
    const leaves = new AbortController();
    const answer = await fetch(url + install, { signal: leaves.signal });
    expect(answer.status).toBe(200);
    leaves.abort();
    await vi.waitFor(() => expect(closed).toHaveBeenCalled());
  });

  it('says that a part does not answer when it is silent, and cuts an answer that was cut', async () => {
    const { url } = await withMachines(
      (request, response) => {
        if (request.url === install) response.write('first', () => response.destroy());
      },
      { upstreamMs: 200 },
    );
    const silent = await ask(`${url}/install/agent.tgz`);
    expect(silent).toMatchObject({ status: 503, code: 'service-unavailable' });
    const upgrade = await askUpgrade(`${url}/api/agent/ws`);
    expect(upgrade.status).toBe(101); // scripted machines upgrade whatever comes
    await expect(fetch(url + install).then((answer) => answer.text())).rejects.toThrow(/terminated|fetch failed/);
  });

  it('hands nothing to a program that cannot prove to be the machine service', async () => {
    const asked = vi.fn();
    const squatter = await scriptedMachines({ secret: 'y'.repeat(40), answer: asked });
    opened.push(squatter);
    const url = await before(squatter.url);
    await vi.waitFor(() => expect(logged.join('')).toContain('do not know each other'));
    expect(await ask(url + install)).toMatchObject({ status: 503, code: 'service-unavailable' });
    expect(await askUpgrade(`${url}/api/agent/ws`)).toMatchObject({
      status: 503,
      body: { code: 'service-unavailable' },
    });
    expect(await ask(`${url}/ready`)).toMatchObject({ status: 503, code: 'not-ready' });
    expect((await ask(`${url}/api/auth/providers`)).status).toBe(200);
    expect(asked).not.toHaveBeenCalled();
  });
});

describe('two services that come and go', () => {
  let dataFolder: string;
  let two: TwoServices;
  let backend: Backend;
  let admin: Person;
  const logged: string[] = [];
  beforeAll(async () => {
    dataFolder = mkdtempSync(join(tmpdir(), 'webxterm-two-'));
    two = await startTwo({ dataFolder, logged, environment: {}, machines: { reconnectSpreadS: 0 } });
    backend = reached({ ...two, dataFolder, logged });
    admin = await anAdmin(backend);
  });
  afterAll(async () => {
    await two[Symbol.asyncDispose]();
    rmSync(dataFolder, { recursive: true });
  });
  const statusOf = async (path: string) => (await backend.request('GET', path, { token: admin.token })).status;

  it('say 503 while the machine service is away, sign people in meanwhile, and go on when it is back', async () => {
    const agent = await aJoinedMachine(backend, admin);
    const link = await agent.connect();
    await two.stop('machines');
    expect(await link.closed).toBeTruthy();
    expect(await backend.request('GET', '/api/machines', { token: admin.token })).toMatchObject({
      status: 503,
      body: { code: 'service-unavailable' },
    });
    expect(await statusOf('/ready')).toBe(503);
    expect(await statusOf('/health')).toBe(200);
    expect(await statusOf('/api/users/me')).toBe(200);
    await two.start('machines');
    await untilReady(backend.port);
    expect(await statusOf('/api/machines')).toBe(200);
    await using again = await agent.connect();
    expect(again.heard.at(-1)).toMatchObject({ type: 'welcome' });
  });

  it('find what was decided while nobody told the machine service', async () => {
    const colleague = await aColleague(backend, admin);
    const { agentId } = await aMachine(backend, admin);
    const [kept, lost] = [await aSession(admin, agentId), await aSession(colleague, agentId)];
    await two.stop('auth');
    await two.start('auth');
    await untilReady(backend.port);
    await expect.poll(() => endOf(lost)).toBe('revoked');
    expect(await endOf(kept)).toBeNull();
  });

  it('close what came by an auth service that stops, and let it in again by the next', async () => {
    const { agentId } = await aMachine(backend, admin);
    const client = await connectTerminal(backend, admin, agentId);
    await two.stop('auth');
    await client.closed;
    await two.start('auth');
    await untilReady(backend.port);
    await using again = await connectTerminal(backend, admin, agentId);
    expect(again.socket.readyState).toBe(again.socket.OPEN);
  });

  async function aSession({ userId, username, organizationId }: Person, agentId: string): Promise<string> {
    const id = randomUUID();
    const organization = backend.store.organization(organizationId);
    const machine = await organization.read
      .selectFrom('machines')
      .select('id')
      .where('agent_id', '=', agentId)
      .executeTakeFirstOrThrow();
    const row = {
      id,
      machine_id: machine.id,
      agent_id: agentId,
      machine_name: 'box',
      user_id: userId,
      username,
      open_id: id,
      source: 'cli',
      machine_role: 'non-sudo',
      cols: 80,
      rows: 24,
      bytes_out: 0,
      started_at: new Date().toISOString(),
    } as const;
    await organization.upkeep((tx) => tx.insertInto('sessions').values(row).execute());
    return id;
  }
  async function endOf(sessionId: string): Promise<string | null> {
    const session = await backend.store
      .organization(admin.organizationId)
      .read.selectFrom('sessions')
      .select('end_reason')
      .where('id', '=', sessionId)
      .executeTakeFirstOrThrow();
    return session.end_reason;
  }
});
