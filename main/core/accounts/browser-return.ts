/**
 * Where the person's browser sets out from and comes back to (RFC 8252): this computer only, at a port of its own, once. Whoever asks for
 * anything else, does not know this sign-in's secrets, or is another person of this computer, is sent away and nothing else happens.
 *
 * The browser is given an address here, and not the server's: others see what programs are started with, and who had the server's could
 * sign in there as somebody else, for this app.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { IsOwnPeer } from '../network/peer-owner.ts';

/** A code to exchange, or the server's code for why there is none. `twice`: two set out, and one of them may be somebody else. */
export type Returned = { readonly code: string } | { readonly error: string } | { readonly twice: true };

export interface BrowserReturn {
  readonly redirectUri: string;
  /** The address to give to the browser, from which it is sent there. */
  setOutTo(link: string): string;
  /** Null: the signal came first. */
  readonly returned: Promise<Returned | null>;
}

interface ReturnParts {
  /** What the browser sets out with, and comes back with. Nobody guesses them. */
  readonly ticket: string;
  readonly state: string;
  readonly isOwnPeer: IsOwnPeer;
}
interface Asked {
  readonly pathname: string;
  readonly query: URLSearchParams;
}

const LOOPBACK = '127.0.0.1';
const MOST_BYTES = 8 * 1024;
/** A browser opens a few. Everybody on this computer may open as many as there are, and keep them. */
const MOST_CONNECTIONS = 32;

/** Listens until the browser is back, or the signal. */
export async function listenForReturn(
  { ticket, state, isOwnPeer }: ReturnParts,
  signal: AbortSignal,
): Promise<BrowserReturn> {
  const server = createServer({ maxHeaderSize: MOST_BYTES, requestTimeout: 5000, keepAlive: false });
  server.maxConnections = MOST_CONNECTIONS;
  const own = await listen(server);
  let link: string | null = null;
  let hasSetOut = false;
  const returned = new Promise<Returned | null>((resolve) => {
    const end = (came: Returned | null): void => {
      resolve(came);
      server.close();
      // the page that is just being sent is sent
      if (came === null) server.closeAllConnections();
    };
    const setOut = (response: ServerResponse, to: string): void => {
      if (!hasSetOut) {
        hasSetOut = true;
        return redirect(response, to);
      }
      send(
        response,
        409,
        'Nobody was signed in',
        'This sign-in was opened before. Go back to the app and begin again.',
      );
      end({ twice: true });
    };
    const answer = (asked: Asked | null, response: ServerResponse): void => {
      if (asked && link !== null && isSetOut(asked, ticket)) return setOut(response, link);
      const came = asked && readReturn(asked, state);
      if (came === null) return send(response, 404, 'Nothing is here.', 'This is where a sign-in comes back to.');
      if ('code' in came) send(response, 200, 'Go back to the app', 'You can close this page.');
      else send(response, 200, 'Nobody was signed in', 'The app says why. You can close this page.');
      end(came);
    };
    server.on('request', (request, response) => {
      void isOwnPeer(request.socket)
        .catch(() => false)
        .then((isOwn) => answer(isOwn ? readAsked(request, own) : null, response));
    });
    signal.addEventListener('abort', () => end(null), { once: true });
    if (signal.aborted) end(null);
  });
  return {
    redirectUri: `http://${own}/callback`,
    setOutTo(to) {
      link = to;
      return `http://${own}/begin?${new URLSearchParams({ ticket }).toString()}`;
    },
    returned,
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('listens at no port');
  return `${LOOPBACK}:${address.port}`;
}

function readAsked({ method, headers, url = '/' }: IncomingMessage, own: string): Asked | null {
  // a page elsewhere, by a name of its own for this address, asks under that name
  if (method !== 'GET' || headers.host !== own) return null;
  const base = `http://${own}`;
  // a page elsewhere may make the browser ask for anything
  if (!URL.canParse(url, base)) return null;
  const { pathname, searchParams } = new URL(url, base);
  return { pathname, query: searchParams };
}

const isSetOut = ({ pathname, query }: Asked, ticket: string): boolean =>
  pathname === '/begin' && isSame(query.get('ticket') ?? '', ticket);

function readReturn({ pathname, query }: Asked, state: string): Exclude<Returned, { twice: true }> | null {
  if (pathname !== '/callback' || !isSame(query.get('state') ?? '', state)) return null;
  const [code, error] = [query.get('code'), query.get('error')];
  if (code !== null) return { code };
  return error === null ? null : { error };
}

/** In the same time, wherever they differ. */
const isSame = (given: string, expected: string): boolean => timingSafeEqual(digest(given), digest(expected));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const STYLE =
  'body{margin:20vh auto;max-width:28rem;padding:0 1.5rem;font:1rem/1.5 system-ui,sans-serif}:root{color-scheme:light dark}';
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'`;

const UNSEEN = { 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', Connection: 'close' };

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { ...UNSEEN, Location: location }).end();
}

function send(response: ServerResponse, status: number, title: string, sentence: string): void {
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style><h1>${title}</h1><p>${sentence}</p></html>`;
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(page),
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    ...UNSEEN,
  });
  response.end(page);
}
