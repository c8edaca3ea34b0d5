/** How the server looks from outside, through what stands before it: as people's apps and agents come to it. */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect as connectTls } from 'node:tls';
import { z } from 'zod';
import { failed, ok, warning, type Finding } from './finding.ts';

export interface PublicExam {
  readonly url: URL;
  readonly version: string;
  readonly hasTrustedProxies: boolean;
  readonly now: () => number;
}

const PATIENCE_MS = 10_000;
const SOON_DAYS = 21;
const DAY_MS = 24 * 3_600_000;

export async function examinePublic(exam: PublicExam): Promise<readonly Finding[]> {
  const certificate = exam.url.protocol === 'https:' ? [await examineCertificate(exam)] : [];
  const reached = await examineReach(exam);
  if (reached.state === 'failed') return [...certificate, reached];
  return [...certificate, reached, await examineUpgrade(exam), ...forwarded(exam)];
}

const health = z.object({ service: z.literal('webxterm-backend'), version: z.string() });
const refused = z.object({ code: z.string() });

async function examineReach({ url, version }: PublicExam): Promise<Finding> {
  const check = 'public address';
  const answer = await ask(new URL('/health', url));
  if ('failure' in answer) {
    return failed(
      check,
      `${url.origin} does not answer (${answer.failure}).`,
      'Check the name, the reverse proxy, the firewall, and that the server runs.',
    );
  }
  const found = health.safeParse(answer.body);
  if (!found.success)
    return failed(
      check,
      `At ${url.origin} something else answers (${answer.status}).`,
      'Check where PUBLIC_URL and the reverse proxy lead.',
    );
  if (found.data.version !== version) {
    return warning(
      check,
      `At ${url.origin} version ${found.data.version} answers, this is ${version}.`,
      'Start the server anew after an upgrade.',
    );
  }
  // Probes may ask for /health by any name.
  const asked = await ask(new URL('/api/users/me', url));
  const code = 'body' in asked ? refused.safeParse(asked.body) : null;
  if (code?.success === true && code.data.code === 'not-signed-in')
    return ok(check, `${url.origin} leads to the server.`);
  return failed(
    check,
    `${url.origin} leads to the server under another Host, or not for all addresses.`,
    'Let the reverse proxy pass everything on, with the Host header as it came; PUBLIC_URL of the server is the same.',
  );
}

/** Terminals, agents and the app's news all need it. */
async function examineUpgrade({ url }: PublicExam): Promise<Finding> {
  const check = 'sockets';
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  };
  const answer = await ask(new URL('/api/events', url), headers);
  const code = 'body' in answer ? refused.safeParse(answer.body) : null;
  if (code?.success === true && code.data.code === 'not-signed-in') return ok(check, 'WebSockets reach the server.');
  return failed(
    check,
    `WebSockets do not reach the server through ${url.origin}.`,
    'Let the reverse proxy pass the headers Upgrade and Connection on, by HTTP/1.1.',
  );
}

function forwarded({ url, hasTrustedProxies }: PublicExam): readonly Finding[] {
  if (url.protocol !== 'https:' || hasTrustedProxies) return [];
  const remedy = 'Set TRUSTED_PROXIES to the address of the reverse proxy.';
  return [
    warning('addresses', 'All people seem to come from the reverse proxy: limits meant for one hold for all.', remedy),
  ];
}

async function examineCertificate({ url, now }: PublicExam): Promise<Finding> {
  const check = 'certificate';
  const seen = await certificateOf(url);
  if (seen.end === null)
    return failed(check, `${url.host} shows no certificate (${seen.problem ?? 'none'}).`, 'Check the reverse proxy.');
  const days = Math.floor((seen.end - now()) / DAY_MS);
  if (seen.problem !== null)
    return failed(
      check,
      `The certificate of ${url.host} is not trusted (${seen.problem}).`,
      'Renew it, with its whole chain; agents of a private authority need --ca.',
    );
  const says = `The certificate of ${url.host} is good for ${days} days.`;
  return days < SOON_DAYS
    ? warning(check, says, 'Renew it, and see why that does not happen by itself.')
    : ok(check, says);
}

function certificateOf({
  hostname,
  port,
}: URL): Promise<{ readonly end: number | null; readonly problem: string | null }> {
  const host = hostname.replaceAll(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connectTls({
      host,
      port: Number(port || 443),
      servername: host,
      rejectUnauthorized: false,
      timeout: PATIENCE_MS,
    });
    const end = (problem: string | null): void => {
      const { valid_to: until } = socket.getPeerCertificate();
      socket.destroy();
      resolve({ end: until ? Date.parse(until) : null, problem });
    };
    socket.once('secureConnect', () => end(socket.authorized ? null : String(socket.authorizationError)));
    socket.once('error', (error: Error) => end(codeOf(error)));
    socket.once('timeout', () => end('no answer'));
  });
}

type Answer = { readonly status: number; readonly body: unknown } | { readonly failure: string };

/** Whatever the certificate is: that is a finding of its own. */
function ask(url: URL, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const asked = request(url, { headers, rejectUnauthorized: false, timeout: PATIENCE_MS, agent: false });
    asked.once('error', (error) => resolve({ failure: codeOf(error) }));
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    asked.once('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, body: null });
    });
    asked.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', (error) => resolve({ failure: codeOf(error) }));
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, body: json(Buffer.concat(chunks).toString()) }),
      );
    });
    asked.end();
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function codeOf(error: Error): string {
  const coded = refused.safeParse(error);
  return coded.success ? coded.data.code : error.message;
}
