/** Signing in with a Microsoft account: OpenID Connect, for one tenant of Entra ID or for all of them. */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretPost,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  type Configuration,
} from 'openid-client';
import { z } from 'zod';
import { email } from '../../../protocol/api/values.ts';
import { addressOf, PROVIDER_PATIENCE_S } from './come-back.ts';
import type { Identity, ProviderClient, ProviderTrouble } from './provider.ts';

export interface MicrosoftSettings {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * `tid` and `oid` together name a person for ever. `xms_edov`: the tenant has proven that the email's domain is its own; without it,
 * whoever runs a tenant of theirs may write any email into an account.
 */
const identityClaims = z.object({
  tid: z.string().regex(/^[\w-]+$/),
  oid: z.string().regex(/^[\w-]+$/),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
  email: z.string().optional(),
  xms_edov: z.union([z.boolean(), z.number(), z.string()]).optional(),
});

/** The one cloud whose issuers, one for each tenant, the library knows; the others speak the same. */
const PUBLIC_CLOUD = 'https://login.microsoftonline.com';

export function createMicrosoft(settings: MicrosoftSettings, trouble: ProviderTrouble): ProviderClient {
  const configuration = once(() => discover(settings));
  return {
    async begin({ secrets, redirectUri }) {
      try {
        return buildAuthorizationUrl(await configuration(), {
          redirect_uri: redirectUri,
          scope: 'openid profile email',
          state: secrets.state,
          nonce: secrets.nonce,
          code_challenge: await calculatePKCECodeChallenge(secrets.codeVerifier),
          code_challenge_method: 'S256',
        });
      } catch (error) {
        trouble(error);
        return null;
      }
    },
    async finish(comeBack, { secrets, redirectUri }) {
      try {
        const tokens = await authorizationCodeGrant(await configuration(), addressOf(redirectUri, comeBack), {
          expectedState: secrets.state,
          expectedNonce: secrets.nonce,
          pkceCodeVerifier: secrets.codeVerifier,
          idTokenExpected: true,
        });
        return { ok: true, identity: identityOf(identityClaims.parse(tokens.claims())) };
      } catch (error) {
        trouble(error);
        return { ok: false, code: 'provider-failed' };
      }
    },
  };
}

function identityOf({ tid, oid, xms_edov, ...claims }: z.infer<typeof identityClaims>): Identity {
  const verified = [true, 1, '1', 'true'].includes(xms_edov ?? false);
  return {
    subject: `${tid}:${oid}`,
    email: verified ? (email.safeParse(claims.email).data ?? null) : null,
    name: claims.preferred_username ?? claims.name ?? 'somebody without a name',
  };
}

/** Its signature is checked too: it comes by TLS, but costs nothing more to prove. */
export async function discover({ issuer, clientId, clientSecret }: MicrosoftSettings): Promise<Configuration> {
  const found = await discovery(
    new URL(issuer.pathname, PUBLIC_CLOUD),
    clientId,
    undefined,
    ClientSecretPost(clientSecret),
    {
      timeout: PROVIDER_PATIENCE_S,
      execute: [enableNonRepudiationChecks, ...(issuer.protocol === 'http:' ? [allowInsecureRequests] : [])],
      [customFetch]: (url, { body, ...options }) =>
        fetch(url.replace(PUBLIC_CLOUD, issuer.origin), { ...options, body: body ?? null }),
    },
  );
  const named = found.serverMetadata().issuer;
  if (new URL(named).origin !== issuer.origin) throw new Error(`${issuer.href} says that its issuer is ${named}`);
  return found;
}

/** Made when it is first wanted, and again after that failed. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}
