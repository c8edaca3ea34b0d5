/**
 * Where the person's browser comes back to (RFC 8252): this computer only, at a port of its own, once. Whoever asks for anything else, or
 * does not know this sign-in's state, is sent away and nothing else happens.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A code to exchange, or the server's code for why there is none. */
export type Returned = { readonly code: string } | { readonly error: string };

export interface BrowserReturn {
  readonly redirectUri: string;
  /** Null: the signal came first. */
  readonly returned: Promise<Returned | null>;
}

const LOOPBACK = '127.0.0.1';
const MOST_BYTES = 8 * 1024;

/** Listens until the browser is back, or the signal. */
export async function listenForReturn(state: string, signal: AbortSignal): Promise<BrowserReturn> {
  const server = createServer({ maxHeaderSize: MOST_BYTES, requestTimeout: 5000, keepAlive: false });
  const own = await listen(server);
  const returned = new Promise<Returned | null>((resolve) => {
    const end = (came: Returned | null): void => {
      resolve(came);
      server.close();
      // the page that is just being sent is sent
      if (came === null) server.closeAllConnections();
    };
    server.on('request', (request, response) => {
      const came = readReturn(request, own, state);
      if (came === null) return send(response, 404, 'Nothing is here.', 'This is where a sign-in comes back to.');
      if ('code' in came) send(response, 200, 'Go back to the app', 'You can close this page.');
      else send(response, 200, 'Nobody was signed in', 'The app says why. You can close this page.');
      end(came);
    });
    signal.addEventListener('abort', () => end(null), { once: true });
    if (signal.aborted) end(null);
  });
  return { redirectUri: `http://${own}/callback`, returned };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('listens at no port');
  return `${LOOPBACK}:${address.port}`;
}

function readReturn({ method, headers, url = '/' }: IncomingMessage, own: string, state: string): Returned | null {
  // a page elsewhere, by a name of its own for this address, asks under that name
  if (method !== 'GET' || headers.host !== own) return null;
  const base = `http://${own}`;
  // anybody on this computer may ask for anything, and a page elsewhere may make the browser ask
  if (!URL.canParse(url, base)) return null;
  const { pathname, searchParams } = new URL(url, base);
  if (pathname !== '/callback' || !isSame(searchParams.get('state') ?? '', state)) return null;
  const [code, error] = [searchParams.get('code'), searchParams.get('error')];
  if (code !== null) return { code };
  return error === null ? null : { error };
}

/** In the same time, wherever they differ. */
const isSame = (given: string, expected: string): boolean => timingSafeEqual(digest(given), digest(expected));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const STYLE =
  'body{margin:20vh auto;max-width:28rem;padding:0 1.5rem;font:1rem/1.5 system-ui,sans-serif}:root{color-scheme:light dark}';
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'`;

function send(response: ServerResponse, status: number, title: string, sentence: string): void {
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style><h1>${title}</h1><p>${sentence}</p></html>`;
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(page),
    'Content-Security-Policy': POLICY,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  });
  response.end(page);
}
