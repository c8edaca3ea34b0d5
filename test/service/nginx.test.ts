/** The reverse proxy of the operator guide, as it is written there: a real nginx with TLS, and through it a sign-in, an agent and a shell. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { userInfo } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { freePort } from '../../bench/free-port.ts';
import { end } from '../../bench/processes.ts';
import { signedIn } from '../../protocol/api/auth.ts';
import { uploads } from '../../protocol/api/uploads.ts';
import { CLIENT_SUBPROTOCOL, toClient, type FromClient, type ToClient } from '../../protocol/wire/control.ts';
import { makeFolder } from '../e2e/product/folder.ts';
import { startBackend, type Backend } from './backend.ts';
import { imageForm, pngOf } from './images.ts';
import { makeCertificates, type Certificates } from './core/certificates.ts';
import { aMachineHere } from './machine-here.ts';
import { anAdmin } from './people.ts';
import { talk } from './talk.ts';
import { attachTerminal, drawn, openTerminal, type } from './terminal-client.ts';

const guide = path.resolve(import.meta.dirname, '../../docs/operators.md');
const patiently = { timeout: 20_000 };
/** Not the proxy's own, which is believed. */
const CLIENT = '127.0.0.2';
const FORGED = '203.0.113.9';

/** The example with what is different for everybody: the name, the ports and the certificate. */
async function example(own: Readonly<Record<string, string>>): Promise<string> {
  const [, written = ''] = /^```nginx\n([\s\S]*?)^```$/m.exec(await readFile(guide, 'utf8')) ?? [];
  return Object.entries(own).reduce((site, [theirs, ours]) => {
    expect(site).toContain(theirs);
    return site.replace(theirs, ours);
  }, written);
}

async function startNginx(site: string, certificates: Certificates) {
  const folder = await makeFolder('nginx');
  const at = (name: string): string => path.join(folder.path, name);
  const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${at(name)};`);
  const main = `daemon off; user ${userInfo().username}; pid ${at('pid')}; error_log stderr crit;
    events {} http { access_log off; ${kept.join(' ')} include ${at('site.conf')}; }`;
  await writeFile(at('nginx.conf'), main);
  await writeFile(at('site.conf'), site.replaceAll('FOLDER', folder.path));
  await writeFile(at('fullchain.pem'), certificates.server.cert);
  await writeFile(at('key.pem'), certificates.server.key, { mode: 0o600 });
  const nginx = spawn('nginx', ['-e', 'stderr', '-p', folder.path, '-c', at('nginx.conf')], {
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
    // what it complains of is for whoever reads why the test failed
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return {
    async [Symbol.asyncDispose]() {
      await end(nginx);
      await folder[Symbol.asyncDispose]();
    },
  };
}

interface Asked {
  readonly token?: string;
  readonly content?: Response;
}
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

describe('nginx as the operator guide has it', () => {
  let certificates: Certificates;
  let backend: Backend;
  let nginx: AsyncDisposable;
  let url: string;
  beforeAll(async () => {
    certificates = await makeCertificates();
    const port = await freePort();
    url = `https://localhost:${port}`;
    backend = await startBackend({ environment: { PUBLIC_URL: url, TRUSTED_PROXIES: '127.0.0.1' } });
    const site = await example({
      'listen 443 ssl': `listen ${port} ssl`,
      'server_name terminals.example.org': 'server_name localhost',
      '/etc/ssl/terminals.example.org/fullchain.pem': 'FOLDER/fullchain.pem',
      '/etc/ssl/terminals.example.org/key.pem': 'FOLDER/key.pem',
      'http://127.0.0.1:8080': backend.url,
    });
    nginx = await startNginx(site, certificates);
    await vi.waitFor(async () => expect(await ask('GET', '/health')).toMatchObject({ status: 200 }), patiently);
  });
  afterAll(async () => {
    for (const part of [nginx, backend, certificates]) await part[Symbol.asyncDispose]();
  });

  /** From an address of its own, saying that it is somebody else. */
  async function outside() {
    const ca = await readFile(certificates.authorityFile, 'utf8');
    return { ca, localAddress: CLIENT, family: 4, headers: { 'x-forwarded-for': FORGED } };
  }
  async function ask(method: string, where: string, { token, content }: Asked = {}): Promise<Answer> {
    const { headers, ...from } = await outside();
    const sent = request(`${url}${where}`, {
      ...from,
      method,
      headers: {
        ...headers,
        ...(token && { authorization: `Bearer ${token}` }),
        ...(content && { 'content-type': content.headers.get('content-type') ?? '' }),
      },
    });
    sent.end(content && Buffer.from(await content.arrayBuffer()));
    return new Promise((resolve, reject) => {
      sent.on('error', reject);
      sent.on('response', (answer) => {
        const came = text(answer).then((whole) => ({
          status: answer.statusCode ?? 0,
          body: /json/.test(answer.headers['content-type'] ?? '') ? z.unknown().parse(JSON.parse(whole)) : whole,
        }));
        resolve(came);
      });
    });
  }
  const addressesIn = async (action: string) => {
    const rows = await backend.store.platform.read
      .selectFrom('audit_entries')
      .select('ip_address')
      .where('action', '=', action)
      .orderBy('created_at', 'desc')
      .execute();
    return rows.map(({ ip_address }) => ip_address);
  };

  it('passes on a sign-in, an agent’s link and a shell, from the client’s own address whatever it says of itself', async () => {
    const admin = await anAdmin(backend);
    const options = ['--linux-user', userInfo().username, '--allow-sudo', '--ca', certificates.authorityFile];
    await using machine = await aMachineHere(backend, admin, { host: url, options });

    const content = Response.json({ email: admin.email, password: admin.password });
    const answer = await ask('POST', '/api/auth/login', { content });
    const { token } = signedIn.parse(answer.body);
    expect((await addressesIn('login'))[0]).toBe(CLIENT);

    const { headers, ...from } = await outside();
    const socket = `${url.replace('http', 'ws')}/api/terminal/${machine.agentId}/ws`;
    await using client = await talk<ToClient, FromClient>(socket, [CLIENT_SUBPROTOCOL], toClient, {
      ...from,
      headers: { ...headers, authorization: `Bearer ${token}` },
    });
    const sessionId = await openTerminal(client);
    await attachTerminal(client, sessionId);
    type(client, 'echo the-answer-is-$((6*7))\r');
    await expect.poll(() => drawn(client).toString(), patiently).toContain('the-answer-is-42');
    const session = await backend.store.platform.read
      .selectFrom('sessions')
      .select('ip_address')
      .where('id', '=', sessionId)
      .executeTakeFirstOrThrow();
    expect(session.ip_address).toBe(CLIENT);
  });

  it('shows the metrics to nobody, and lets an image through that is as large as the server takes', async () => {
    expect(await ask('GET', '/metrics')).toMatchObject({ status: 403 });
    const { token } = await anAdmin(backend);
    const form = imageForm(pngOf(uploads.add.maxBytes - 1024));
    const shown = await ask('POST', '/api/community/upload', { token, content: new Response(form) });
    expect(shown).toMatchObject({ status: 200 });
  });
});
