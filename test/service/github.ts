/** A server that speaks the four addresses of GitHub that signing in uses. */
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

export interface GithubPerson {
  id: number;
  login: string;
  emails: { email: string; primary: boolean; verified: boolean }[];
}
export interface Github extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>;
  /** Who is signed in there, in every browser. Null: nobody, and the person says no. */
  readonly state: { person: GithubPerson | null; isDown: boolean };
  /** Every address it was asked for. */
  readonly asked: readonly string[];
}

const SECRET = 'a secret of the server at github';
const CLIENT = 'client-at-github';

export async function startGithub(): Promise<Github> {
  const state: Github['state'] = { person: null, isDown: false };
  const asked: string[] = [];
  const codes = new Map<string, { person: GithubPerson; challenge: string; redirectUri: string }>();
  const tokens = new Map<string, GithubPerson>();

  const authorize = ({ searchParams }: URL, answer: ServerResponse): void => {
    const back = new URL(searchParams.get('redirect_uri') ?? '');
    back.searchParams.set('state', searchParams.get('state') ?? '');
    if (state.person) {
      const code = randomUUID();
      const challenge = searchParams.get('code_challenge') ?? '';
      codes.set(code, { person: state.person, challenge, redirectUri: `${back.origin}${back.pathname}` });
      back.searchParams.set('code', code);
    } else {
      back.searchParams.set('error', 'access_denied');
    }
    answer.writeHead(302, { location: back.href }).end();
  };
  const accessToken = async (request: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const given = Object.fromEntries(new URLSearchParams(await text(request)));
    const known = codes.get(given['code'] ?? '');
    codes.delete(given['code'] ?? '');
    const proven = createHash('sha256')
      .update(given['code_verifier'] ?? '')
      .digest('base64url');
    const isTheirs = given['client_id'] === CLIENT && given['client_secret'] === SECRET;
    if (!known || !isTheirs || proven !== known.challenge || given['redirect_uri'] !== known.redirectUri)
      return json(answer, 200, { error: 'bad_verification_code' });
    const token = `gho_${randomUUID()}`;
    tokens.set(token, known.person);
    json(answer, 200, { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' });
  };
  const about = (request: IncomingMessage, answer: ServerResponse, path: string): void => {
    const person = tokens.get(request.headers.authorization?.replace(/^bearer /i, '') ?? '');
    if (!person) return json(answer, 401, { message: 'Bad credentials' });
    const { id, login, emails } = person;
    json(answer, 200, path === '/api/user' ? { id, login, email: null } : emails);
  };

  const server = createServer((request, answer) => {
    const url = new URL(request.url ?? '/', 'http://host');
    asked.push(url.pathname);
    if (state.isDown) return json(answer, 502, {});
    switch (url.pathname) {
      case '/login/oauth/authorize':
        return authorize(url, answer);
      case '/login/oauth/access_token':
        return void accessToken(request, answer);
      case '/api/user':
      case '/api/user/emails':
        return about(request, answer, url.pathname);
      default:
        return json(answer, 404, {});
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    environment: {
      GITHUB_CLIENT_ID: CLIENT,
      GITHUB_CLIENT_SECRET: SECRET,
      GITHUB_URL: `http://127.0.0.1:${port}`,
      GITHUB_API_URL: `http://127.0.0.1:${port}/api`,
    },
    state,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function json(answer: ServerResponse, status: number, body: unknown): void {
  answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
