import { DatabaseSync } from '@photostructure/sqlite';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../bench/free-port.ts';
import { runDoctor } from '../../backend/commands/run-doctor.ts';
import { readConfig } from '../../backend/config.ts';
import { SMTPServer } from 'smtp-server';
import { z } from 'zod';
import { startBackend } from './backend.ts';

const told = z.array(
  z.object({
    check: z.string(),
    state: z.enum(['ok', 'warning', 'failed']),
    says: z.string(),
    remedy: z.string().nullable(),
  }),
);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'webxterm-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function examine(environment: Record<string, string>, { ahead = 0, version = '0.0.0-test' } = {}) {
  const configured = readConfig(environment, { data: folder }, folder);
  if (!configured.ok) throw new Error(configured.problems.join());
  const said: string[] = [];
  const parts = { config: configured.config, library: { DatabaseSync }, now: () => Date.now() + ahead, version };
  const code = await runDoctor({ ...parts, tell: (line) => said.push(line) }, { json: true });
  const findings = told.parse(JSON.parse(said.join()));
  const wrong = findings.filter(({ state }) => state !== 'ok');
  for (const { remedy } of wrong) expect(remedy).not.toBeNull();
  return { code, wrong: wrong.map(({ check, state, says }) => `${check} ${state}: ${says}`), findings };
}

const named = (port: number) => ({ PUBLIC_URL: `http://127.0.0.1:${port}` });

/** What stands before the server, and passes on what it passes on. */
async function proxyTo(port: number, change: (headers: IncomingHttpHeaders) => IncomingHttpHeaders) {
  const proxy = createServer((incoming, outgoing) => {
    const { method, url } = incoming;
    const onward = request({ port, method, path: url, headers: change(incoming.headers) }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return { port: portOf(proxy), [Symbol.dispose]: () => proxy.close() };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** One that lets `web` sign in with `hunter2`. */
async function startMailServer() {
  const server = new SMTPServer({
    logger: false,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, answer) =>
      username === 'web' && password === 'hunter2' ? answer(null, { user: username }) : answer(new Error('who?')),
  });
  server.on('error', () => {
    // A client that went away.
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { port: portOf(listening), [Symbol.asyncDispose]: close };
}

/** What a provider tells about itself, whose issuer it says is this. */
async function startProvider(issuerAt: (origin: string) => string) {
  const provider = createServer((incoming, outgoing) => {
    const origin = `http://${incoming.headers.host ?? ''}`;
    const endpoints = { authorization_endpoint: `${origin}/authorize`, token_endpoint: `${origin}/token` };
    outgoing.writeHead(incoming.url === '/common/v2.0/.well-known/openid-configuration' ? 200 : 404, {
      'content-type': 'application/json',
    });
    outgoing.end(JSON.stringify({ issuer: issuerAt(origin), ...endpoints, jwks_uri: `${origin}/keys` }));
  }).listen(0, '127.0.0.1');
  await once(provider, 'listening');
  return { port: portOf(provider), [Symbol.dispose]: () => provider.close() };
}

/** What is found of one thing; a secret is in none of it. */
async function found(name: string, environment: Record<string, string>, secret: string): Promise<string> {
  const { findings } = await examine(environment);
  expect(JSON.stringify(findings)).not.toContain(secret);
  return findings.flatMap(({ check, state, says }) => (check === name ? [`${state}: ${says}`] : [])).join('\n');
}
const mailBy = (password: string, port: number) =>
  found(
    'mail',
    { SMTP_URL: `smtp://web:${password}@127.0.0.1:${port}`, MAIL_FROM: 'terminals@example.test' },
    password,
  );
const microsoftAt = (port: number) => {
  const client = { MICROSOFT_CLIENT_ID: 'us', MICROSOFT_CLIENT_SECRET: 'hunter2' };
  return found('Microsoft', { ...client, MICROSOFT_ISSUER: `http://127.0.0.1:${port}/common/v2.0` }, 'hunter2');
};

describe('the doctor', () => {
  it('finds nothing wrong with a server that is well, and tells it in lines for people too', async () => {
    const port = await freePort();
    const PUBLIC_URL = `http://127.0.0.1:${port}`;
    await using backend = await startBackend({ dataFolder: folder, port, environment: { PUBLIC_URL } });
    await backend.signUp();
    expect(await examine({ PUBLIC_URL })).toMatchObject({ code: 0, wrong: [] });
    const configured = readConfig({ PUBLIC_URL }, { data: folder }, folder);
    if (!configured.ok) throw new Error();
    const said: string[] = [];
    const parts = { config: configured.config, library: { DatabaseSync }, now: () => Date.now(), version: '9' };
    expect(await runDoctor({ ...parts, tell: (line) => said.push(line) }, {})).toBe(0);
    expect(said.join('\n')).toMatch(/✔ store: .*\n/);
    expect(said.join('\n')).toContain('! public address: At http');
  });

  it('sees what a reverse proxy does not pass on: the host, and sockets', async () => {
    const port = await freePort();
    using noHost = await proxyTo(port, (headers) => ({ ...headers, host: 'inside.example' }));
    using noUpgrade = await proxyTo(port, ({ upgrade: _, connection: __, ...headers }) => headers);
    await using _ = await startBackend({ dataFolder: folder, port, environment: named(noUpgrade.port) });
    const host = await examine(named(noHost.port));
    expect(host).toMatchObject({ code: 1, wrong: [expect.stringMatching(/^public address failed: .*another Host/)] });
    const sockets = await examine(named(noUpgrade.port));
    expect(sockets).toMatchObject({ code: 1, wrong: [expect.stringMatching(/^sockets failed/)] });
  });

  it('sees that nobody answers, or somebody else', async () => {
    await using _ = await startBackend({ dataFolder: folder });
    const nobody = await examine({ PUBLIC_URL: `http://127.0.0.1:${await freePort()}` });
    expect(nobody.wrong).toEqual([expect.stringMatching(/^public address failed: .*ECONNREFUSED/)]);
    const other = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = portOf(other);
    const somebody = await examine({ PUBLIC_URL: `http://127.0.0.1:${port}` });
    other.close();
    expect(somebody.wrong).toEqual([expect.stringMatching(/^public address failed: .*something else/)]);
  });

  it('sees a folder and a secret that others can read, and a secret that can be guessed', async () => {
    await (await startBackend({ dataFolder: folder }))[Symbol.asyncDispose]();
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'jwt-secret'), 0o644);
    const { code, wrong } = await examine({});
    expect(code).toBe(1);
    expect(wrong).toEqual([
      expect.stringMatching(/^data folder failed: Others/),
      expect.stringMatching(/^secret failed: Others can read/),
      expect.stringMatching(/^public address warning/),
    ]);
    chmodSync(folder, 0o700);
    const guessable = await examine({ JWT_SECRET: 'changeme'.repeat(8) });
    expect(guessable.wrong).toContainEqual(expect.stringMatching(/^secret failed: .*JWT_SECRET can be guessed/));
    expect(JSON.stringify(guessable.findings)).not.toContain('changeme');
  });

  it('sees a store that is not there, damaged, or ahead of the clock', async () => {
    const none = await examine({});
    expect(none.wrong).toContainEqual(expect.stringMatching(/^store failed/));
    const backend = await startBackend({ dataFolder: folder });
    await backend.signUp();
    const early = await examine({}, { ahead: -60_000 });
    expect(early.wrong).toContainEqual(expect.stringMatching(/^clock failed/));
    await backend[Symbol.asyncDispose]();
    writeFileSync(join(folder, 'store.db'), 'no database '.repeat(1000));
    const damaged = await examine({});
    expect(damaged.wrong).toContainEqual(expect.stringMatching(/^store failed/));
    expect(damaged.findings.find(({ check }) => check === 'store')?.remedy).toContain('damaged');
  });

  it('tries the mail server as far as a mail would go, and shows no password', async () => {
    await using _ = await startBackend({ dataFolder: folder });
    await using server = await startMailServer();
    expect(await mailBy('hunter2', server.port)).toMatch(/^ok: /);
    expect(await mailBy('swordfish', server.port)).toMatch(/^failed: .* does not let this server sign in/);
    expect(await mailBy('hunter2', await freePort())).toMatch(/^failed: .* does not answer/);
    const none = await examine({});
    expect(none.findings.map(({ check }) => check)).not.toContain('mail');
  });

  it('asks the provider what signing in there needs', async () => {
    await using _ = await startBackend({ dataFolder: folder });
    using right = await startProvider((origin) => `${origin}/common/v2.0`);
    using wrong = await startProvider(() => 'https://login.example.org/common/v2.0');
    expect(await microsoftAt(right.port)).toMatch(/^ok: /);
    for (const port of [wrong.port, await freePort()]) expect(await microsoftAt(port)).toMatch(/^failed: /);
  });

  it('sees that a database does not answer, and shows no password', async () => {
    await using _ = await startBackend({ dataFolder: folder });
    const DATABASE_URL = `postgres://web:hunter2@127.0.0.1:${await freePort()}/webxterm`;
    const { code, findings } = await examine({ DATABASE_URL, JWT_SECRET: 'x1y2z3-and-more-of-it-0987654321' });
    expect(code).toBe(1);
    expect(findings.find(({ check }) => check === 'store')?.remedy).toContain('webxterm on 127.0.0.1');
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });
});
