/** The browser's way through a provider and back, and on to the app on its computer where one waits. */
import { createHash } from 'node:crypto';
import type { auth } from '../../../protocol/api/auth.ts';
import type { Refusal } from '../../../protocol/api/row.ts';
import type { Provider } from '../../../protocol/api/values.ts';
import type { Visitor } from '../../gateway/caller.ts';
import type { GroupHandlers, PageOutcome } from '../../gateway/handlers.ts';
import { newSecret } from '../../store/secret.ts';
import type { Refused } from '../../store/store.ts';
import { WAIT_MS } from '../sign-in.ts';
import type { StepParts } from '../step.ts';
import { flowSecrets, isSame, newCookie } from './flow-secrets.ts';
import { beginOnce, begunWith, putFlow, takeFlow, type App, type Flow } from './flows.ts';
import type { Identity, ProviderClient } from './provider.ts';
import { signInByProvider, usableBy, type Named } from './sign-in-by-provider.ts';

export type ProviderClients = Readonly<Record<Provider, ProviderClient | null>>;
export interface ProviderParts extends StepParts {
  readonly providers: ProviderClients;
}
type Handlers = Pick<GroupHandlers<typeof auth>, 'toProvider' | 'fromProvider' | 'confirmDesktop' | 'exchange'>;
type FromProvider = (typeof auth)['fromProvider'];
type WayOut = Parameters<Handlers['toProvider']>[0]['query'];

/** How long the app may take to fetch what the browser handed it. */
const EXCHANGE_MS = 60_000;
/** At the provider, on the page in between, and until the exchange. */
const ALL_OF_IT_MS = 2 * WAIT_MS + EXCHANGE_MS;

const NOT_CONFIGURED: Refused = { refuse: { code: 'provider-not-configured' } };
const DEAD: Refused = { refuse: { code: 'flow-dead' } };

export function createProviderHandlers(parts: ProviderParts): Handlers {
  const { platform, providers, now } = parts;
  return {
    async toProvider({ params: { provider }, query }, visitor) {
      const client = providers[provider];
      if (!client) return NOT_CONFIGURED;
      const app = waitingApp(query);
      if (app && 'refuse' in app) return app;
      const cookie = newCookie();
      const to = await client.begin(onTheWay(parts, { provider, cookie, visitor }));
      if (!to) return { refuse: { code: 'provider-failed' } };
      const flow = { stage: 'at-provider', provider, app, identity: null } as const;
      const begins = await platform.upkeep(async (tx) => {
        const isFirst = !app || (await beginOnce(tx, { ...app, provider }, { now: now(), lifetimeMs: ALL_OF_IT_MS }));
        if (isFirst) await putFlow(tx, cookie, flow, { now: now(), lifetimeMs: WAIT_MS });
        return isFirst;
      });
      return begins ? { location: to.href, cookie } : backTo(app, DEAD);
    },

    async fromProvider({ params: { provider }, query, cookie }, visitor) {
      const client = providers[provider];
      if (!client) return NOT_CONFIGURED;
      if (cookie === null || !isSame(query.state ?? '', flowSecrets(cookie).state)) return DEAD;
      const flow = await platform.upkeep((tx) => takeFlow(tx, cookie, 'at-provider', now()));
      if (flow?.provider !== provider) return DEAD;
      const came = { query, way: onTheWay(parts, { provider, cookie, visitor }) };
      const found = await whoIsIt(client, came);
      if ('refuse' in found) return backTo(flow.app, found);
      const named = { provider, identity: found };
      return flow.app
        ? askPerson(parts, { named, app: flow.app, cookie, visitor })
        : forget(await signInByProvider(parts, named, visitor));
    },

    async confirmDesktop({ query, cookie }) {
      if (cookie === null || !isSame(query.proof, flowSecrets(cookie).proof)) return DEAD;
      const code = newSecret('');
      const app = await platform.upkeep(async (tx) => {
        const flow = await takeFlow(tx, cookie, 'to-confirm', now());
        if (!flow) return null;
        await putFlow(tx, code, { ...flow, stage: 'to-exchange' }, { now: now(), lifetimeMs: EXCHANGE_MS });
        return flow.app;
      });
      return app ? { location: addressFor(app, { code }), cookie: null } : DEAD;
    },

    async exchange({ body }, visitor) {
      const codeChallenge = challengeOf(body.code_verifier);
      const [flow, begun] = await platform.upkeep(async (tx) => [
        await takeFlow(tx, body.code, 'to-exchange', now()),
        await takeFlow(tx, begunWith(codeChallenge), 'begun', now()),
      ]);
      if (!begun || !flow?.app || !flow.identity || !isSame(codeChallenge, flow.app.codeChallenge)) return DEAD;
      return signInByProvider(parts, { provider: flow.provider, identity: flow.identity }, visitor);
    },
  };
}

/** Null: the browser itself waits for the answer. */
function waitingApp({ client, redirect_uri, state, code_challenge }: WayOut): App | Refused | null {
  if (client === undefined) return null;
  if (redirect_uri !== undefined && state !== undefined && code_challenge !== undefined)
    return { redirectUri: redirect_uri, state, codeChallenge: code_challenge };
  const wanted = { redirect_uri, state, code_challenge };
  const missing = Object.entries(wanted).filter(([, value]) => value === undefined);
  return { refuse: { code: 'invalid-fields', fields: missing.map(([path]) => ({ path, message: 'is missing' })) } };
}

function onTheWay(
  { publicUrl }: Pick<ProviderParts, 'publicUrl'>,
  { provider, cookie, visitor }: { readonly provider: Provider; readonly cookie: string; readonly visitor: Visitor },
) {
  const here = publicUrl?.origin ?? `http://${visitor.host}`;
  return { secrets: flowSecrets(cookie), redirectUri: `${here}/api/auth/oidc/${provider}/callback` };
}

interface Came {
  readonly query: Parameters<Handlers['fromProvider']>[0]['query'];
  readonly way: ReturnType<typeof onTheWay>;
}
async function whoIsIt(client: ProviderClient, { query, way }: Came): Promise<Identity | Refused> {
  if (query.error !== undefined) return { refuse: { code: 'provider-refused' } };
  const found = await client.finish(query, way);
  return found.ok ? found.identity : { refuse: { code: found.code } };
}

/** A page between: nobody's app is signed in because a browser still knew somebody. */
async function askPerson(
  parts: ProviderParts,
  asked: { readonly named: Named; readonly app: App; readonly cookie: string; readonly visitor: Visitor },
): Promise<PageOutcome<FromProvider>> {
  const { named, app, cookie, visitor } = asked;
  const usable = await usableBy(parts, named, visitor);
  if ('refuse' in usable) return backTo(app, usable);
  const flow: Flow = { ...named, stage: 'to-confirm', app };
  await parts.platform.upkeep((tx) => putFlow(tx, cookie, flow, { now: parts.now(), lifetimeMs: WAIT_MS }));
  const { identity, provider } = named;
  return {
    page: {
      title: 'Sign in to the app on this computer?',
      sentences: [
        `The WebXTerm app on this computer asks to be signed in to ${parts.publicUrl?.host ?? visitor.host} as ${identity.name} (${names[provider]}).`,
        'If you did not just ask for that in the app, close this page.',
      ],
      action: { label: 'Sign in', href: `/api/auth/oidc/confirm?proof=${flowSecrets(cookie).proof}` },
    },
  };
}

const names: Readonly<Record<Provider, string>> = { microsoft: 'Microsoft', github: 'GitHub' };

/** The app is told why not; a browser that came for itself sees it. */
function backTo(app: App | null, { refuse }: Refused): { location: string; cookie: null } | Refused {
  return app ? { location: addressFor(app, { error: refuse.code }), cookie: null } : { refuse };
}

function forget<T extends object>(outcome: T | Refused): (T & { cookie: null }) | Refused {
  return 'refuse' in outcome ? outcome : { ...outcome, cookie: null };
}

function addressFor(
  { redirectUri, state }: App,
  said: { readonly code: string } | { readonly error: Refusal['code'] },
) {
  const url = new URL(redirectUri);
  url.search = new URLSearchParams({ ...said, state }).toString();
  return url.href;
}

function challengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}
