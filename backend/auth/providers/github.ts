/** Signing in with a GitHub account: OAuth, then its API, which also tells the address that the person shows to nobody else. */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretPost,
  Configuration,
  fetchProtectedResource,
} from 'openid-client';
import { z } from 'zod';
import { email } from '../../../protocol/api/values.ts';
import { addressOf, PROVIDER_PATIENCE_S } from './come-back.ts';
import type { Identity, ProviderClient, ProviderTrouble } from './provider.ts';

export interface GithubSettings {
  readonly url: URL;
  readonly apiUrl: URL;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** `login` can be changed and given to another; `id` cannot. */
const githubUser = z.object({ id: z.int(), login: z.string() });
const githubEmails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

export function createGithub(settings: GithubSettings, trouble: ProviderTrouble): ProviderClient {
  const configuration = configure(settings);
  const ask = async <T>(token: string, path: string, schema: z.ZodType<T>): Promise<T> => {
    const url = new URL(settings.apiUrl.href.replace(/\/$/, '') + path);
    const headers = new Headers({ accept: 'application/vnd.github+json', 'user-agent': 'webxterm-backend' });
    const response = await fetchProtectedResource(configuration, token, url, 'GET', undefined, headers);
    if (!response.ok) throw new Error(`${path} of GitHub answered ${response.status}`);
    return schema.parse(await response.json());
  };
  return {
    async begin({ secrets, redirectUri }) {
      return buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: 'read:user user:email',
        state: secrets.state,
        code_challenge: await calculatePKCECodeChallenge(secrets.codeVerifier),
        code_challenge_method: 'S256',
      });
    },
    async finish(comeBack, { secrets, redirectUri }) {
      try {
        const { access_token: token } = await authorizationCodeGrant(configuration, addressOf(redirectUri, comeBack), {
          expectedState: secrets.state,
          pkceCodeVerifier: secrets.codeVerifier,
        });
        const user = await ask(token, '/user', githubUser);
        return { ok: true, identity: identityOf(user, await ask(token, '/user/emails', githubEmails)) };
      } catch (error) {
        trouble(error);
        return { ok: false, code: 'provider-failed' };
      }
    },
  };
}

function identityOf({ id, login }: z.infer<typeof githubUser>, emails: z.infer<typeof githubEmails>): Identity {
  const primary = emails.find((one) => one.primary && one.verified);
  return { subject: String(id), email: email.safeParse(primary?.email).data ?? null, name: login };
}

function configure({ url, clientId, clientSecret }: GithubSettings): Configuration {
  const server = {
    issuer: url.origin,
    authorization_endpoint: new URL('/login/oauth/authorize', url).href,
    token_endpoint: new URL('/login/oauth/access_token', url).href,
  };
  const configuration = new Configuration(server, clientId, undefined, ClientSecretPost(clientSecret));
  configuration.timeout = PROVIDER_PATIENCE_S;
  if (url.protocol === 'http:') allowInsecureRequests(configuration);
  return configuration;
}
