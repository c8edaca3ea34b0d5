/** A real OpenID provider that names tenants, issuers and people the way Microsoft does. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { Provider, type Context } from 'oidc-provider';
import { z } from 'zod';

export interface Entra extends AsyncDisposable {
  readonly origin: string;
  /** Anybody's accounts may sign in. */
  readonly environment: Readonly<Record<string, string>>;
  /** Only those of `TENANT` may. */
  readonly ofOneTenant: Readonly<Record<string, string>>;
  /** What an ID token says of somebody, by the name that is typed there. */
  readonly people: Map<string, object>;
  /** What else the next ID tokens say, whether it is so or not, and whose key signs them. */
  readonly state: { change: object; signer: 'its own' | 'a stranger' };
}

export const TENANT = '11111111-aaaa-4bbb-8ccc-000000000001';
export const CLIENT = 'client-at-microsoft';
const SECRET = 'a secret of the server at microsoft';
const KEY_ID = 'the key';

export async function startEntra(): Promise<Entra> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const origin = `http://127.0.0.1:${port}`;

  const people: Entra['people'] = new Map();
  const state: Entra['state'] = { change: {}, signer: 'its own' };
  const keys = { 'its own': await newKey(), 'a stranger': await newKey() };
  const jwk = { ...(await exportJWK(keys['its own'])), kid: KEY_ID, alg: 'RS256', use: 'sig' };
  const provider = new Provider(`${origin}/${TENANT}/v2.0`, { ...configuration(people), jwks: { keys: [jwk] } });
  const signed = (idToken: string): Promise<string> =>
    new SignJWT({ ...decodeJwt(idToken), ...state.change })
      .setProtectedHeader({ alg: 'RS256', kid: KEY_ID })
      .sign(keys[state.signer]);
  provider.use(async (context, next) => {
    const [prefix = ''] = /^\/[\w-]+\/v2\.0(?=\/)/.exec(context.path) ?? [];
    context.path = context.path.slice(prefix.length);
    await next();
    describe(context, prefix === '/common/v2.0' ? `${origin}/{tenantid}/v2.0` : `${origin}/${TENANT}/v2.0`);
    hideIssuer(context);
    const tokens = withIdToken.safeParse(context.body).data;
    if (tokens) context.body = { ...tokens, id_token: await signed(tokens.id_token) };
  });
  server.on('request', provider.callback());

  const client = { MICROSOFT_CLIENT_ID: CLIENT, MICROSOFT_CLIENT_SECRET: SECRET };
  return {
    origin,
    environment: { ...client, MICROSOFT_ISSUER: `${origin}/common/v2.0` },
    ofOneTenant: { ...client, MICROSOFT_ISSUER: `${origin}/${TENANT}/v2.0` },
    people,
    state,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const withIdToken = z.looseObject({ id_token: z.string() });
const described = z.looseObject({ issuer: z.string() });

/** The issuer of all tenants together is a template. */
function describe(context: Context, issuer: string): void {
  const document = described.safeParse(context.body).data;
  if (document) context.body = { ...document, issuer, authorization_response_iss_parameter_supported: false };
}

/** What the browser brings back does not say whose answer it is. */
function hideIssuer({ response }: Context): void {
  const location = response.get('location');
  if (!URL.canParse(location)) return;
  const to = new URL(location);
  to.searchParams.delete('iss');
  response.set('location', to.href);
}

function configuration(people: ReadonlyMap<string, object>): object {
  const client = {
    client_id: CLIENT,
    client_secret: SECRET,
    token_endpoint_auth_method: 'client_secret_post',
    // Any port of this computer.
    application_type: 'native',
    redirect_uris: ['http://127.0.0.1/api/auth/oidc/microsoft/callback'],
  };
  return {
    clients: [client],
    claims: {
      openid: ['sub', 'tid', 'oid', 'xms_edov'],
      profile: ['name', 'preferred_username'],
      email: ['email'],
    },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: { keys: ['signs cookies'] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    findAccount: (_context: unknown, id: string) => {
      const said = people.get(id);
      return said && { accountId: id, claims: () => ({ ...said, sub: id }) };
    },
  };
}

async function newKey(): Promise<CryptoKey> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return privateKey;
}
