/** What the program reaches over TLS, with an authority of one's own: its other half, and the mail server. A certificate it cannot verify is refused. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { codeWanted } from '../../protocol/api/auth.ts';
import { backendPrograms, buildBackend, post, signInTo, type Programs } from './backend-program.ts';
import { makeCertificates, type Certificates, type ServerCertificate } from './core/certificates.ts';
import { startMailbox } from './mailbox.ts';

const email = 'ada@harbour.test';
let certificates: Certificates;
beforeAll(async () => {
  [certificates] = await Promise.all([makeCertificates(), buildBackend()]);
});
afterAll(() => certificates[Symbol.asyncDispose]());
const trusting = (): Record<string, string> => ({ NODE_EXTRA_CA_CERTS: certificates.authorityFile });
const patiently = { timeout: 20_000 };

async function anAccount(programs: Programs): Promise<string> {
  const named = ['--organization', 'Harbour', '--email', email, '--username', 'ada', '--data', programs.data];
  const { stdout } = await programs.run(['bootstrap', ...named]);
  return z.object({ password: z.string() }).parse(JSON.parse(stdout)).password;
}

/** Stands before a server and speaks TLS for it. */
async function encrypt(port: number, certificate: ServerCertificate) {
  let heard = 0;
  const server = createServer({ ...certificate }, (outer) => {
    const inner = connect(port, '127.0.0.1');
    outer.on('data', (bytes: Buffer) => {
      heard += bytes.length;
    });
    outer.pipe(inner).pipe(outer);
    outer.on('error', () => inner.destroy()).on('close', () => inner.destroy());
    inner.on('error', () => outer.destroy()).on('close', () => outer.destroy());
  });
  const met = new Promise<void>((resolve) => {
    server.once('connection', (socket: Socket) => socket.once('close', () => resolve()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `https://127.0.0.1:${own}`,
    /** Somebody has come and gone. */
    met,
    heard: () => heard,
    [Symbol.dispose]: () => server.close(),
  };
}

async function twoPrograms(certificate: ServerCertificate, env: Record<string, string>) {
  const programs = backendPrograms();
  const password = await anAccount(programs);
  const machines = await programs.serve(0, { args: ['--role', 'machines'] });
  const tls = await encrypt(Number(new URL(machines.url).port), certificate);
  const auth = await programs.serve(0, { args: ['--role', 'auth'], env: { ...env, MACHINES_URL: tls.url } });
  const { token } = await signInTo(auth.url, email, password);
  return {
    url: auth.url,
    tls,
    headers: { authorization: `Bearer ${token}` },
    [Symbol.dispose]() {
      programs[Symbol.dispose]();
      tls[Symbol.dispose]();
    },
  };
}
const statusOf = async (url: string, headers: Record<string, string>) => (await fetch(url, { headers })).status;

describe('an auth service whose machine service is at https', () => {
  it('hands requests and sockets on, and hears the bus', async () => {
    using two = await twoPrograms(certificates.server, trusting());
    const { url, headers } = two;
    await expect.poll(() => statusOf(`${url}/ready`, {}), patiently).toBe(200);
    expect(await statusOf(`${url}/api/machines`, headers)).toBe(200);
    const events = new WebSocket(`${url.replace('http', 'ws')}/api/events`, { headers });
    await once(events, 'message');
    const closed = once(events, 'close');
    await fetch(`${url}/api/auth/logout`, { method: 'POST', headers });
    expect((await closed)[0]).toBe(4401);
  });

  it.each([
    ['an authority that it does not know', () => ({ certificate: certificates.server, env: {} })],
    ['another name', () => ({ certificate: certificates.otherName, env: trusting() })],
  ])('hands nothing to one with a certificate of %s', async (_of, given) => {
    const { certificate, env } = given();
    using two = await twoPrograms(certificate, env);
    const { url, headers, tls } = two;
    await tls.met;
    expect(await statusOf(`${url}/api/machines`, headers)).toBe(503);
    expect(await statusOf(`${url}/ready`, {})).toBe(503);
    const events = new WebSocket(`${url.replace('http', 'ws')}/api/events`, { headers });
    const [, answer] = z
      .tuple([z.unknown(), z.object({ statusCode: z.number() })])
      .parse(await once(events, 'unexpected-response'));
    expect(answer.statusCode).toBe(503);
    expect(tls.heard()).toBe(0);
  });
});

describe.each(['at-once', 'by-starttls'] as const)('a mail server that encrypts %s', (starts) => {
  async function signingIn(certificate: ServerCertificate, env: Record<string, string>) {
    const programs = backendPrograms();
    const mailbox = await startMailbox({ certificate, starts });
    const password = await anAccount(programs);
    const { url } = await programs.serve(0, { env: { ...env, ...mailbox.environment } });
    return {
      mailbox,
      login: () => post(url, '/api/auth/login', { email, password }),
      verify: (body: object) => post(url, '/api/auth/verify-otp', body),
      async [Symbol.asyncDispose]() {
        programs[Symbol.dispose]();
        await mailbox[Symbol.asyncDispose]();
      },
    };
  }

  it('is handed the code where its certificate is known', async () => {
    await using one = await signingIn(certificates.server, trusting());
    const { username, session_token } = codeWanted.parse((await one.login()).body);
    const otp_code = one.mailbox.codeFor(email);
    expect((await one.verify({ username, session_token, otp_code })).status).toBe(200);
  });

  it('is handed nothing with a certificate of an authority that is not known', async () => {
    await using one = await signingIn(certificates.server, {});
    expect(await one.login()).toMatchObject({ status: 503, body: { code: 'mail-failed' } });
    expect(one.mailbox.mailsTo(email)).toEqual([]);
  });
});

it('a mail server that does not encrypt is handed nothing where SMTP_URL asks for it', async () => {
  using programs = backendPrograms();
  await using mailbox = await startMailbox();
  const password = await anAccount(programs);
  const { SMTP_URL = '', ...more } = mailbox.environment;
  const { url } = await programs.serve(0, { env: { ...more, SMTP_URL: `${SMTP_URL}?requireTLS=true` } });
  const answer = await post(url, '/api/auth/login', { email, password });
  expect(answer).toMatchObject({ status: 503, body: { code: 'mail-failed' } });
  expect(mailbox.mailsTo(email)).toEqual([]);
});
