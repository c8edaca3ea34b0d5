/** Sign-ins by a provider on their way, in the store: each stage is a row that the secret to go on with takes out, once. */
import { z } from 'zod';
import type { Provider } from '../../../protocol/api/values.ts';
import { hashSecret } from '../../store/secret.ts';
import type { Writes } from '../../store/store.ts';
import type { Tables } from '../../store/tables.ts';
import type { Identity } from './provider.ts';

/** The app on the person's computer that waits for the sign-in. */
const app = z.object({ redirectUri: z.string(), state: z.string(), codeChallenge: z.string() });
export type App = z.infer<typeof app>;
const identity = z.object({ subject: z.string(), email: z.string().nullable(), name: z.string() });

export type Stage = Tables['provider_flows']['stage'];
export interface Flow {
  readonly stage: Stage;
  readonly provider: Provider;
  readonly app: App | null;
  readonly identity: Identity | null;
}

/** `secret`: what goes on from this stage. */
export async function putFlow(
  tx: Writes<Tables>,
  secret: string,
  flow: Flow,
  { now, lifetimeMs }: { readonly now: number; readonly lifetimeMs: number },
): Promise<void> {
  await forgetOldFlows(tx, now);
  const row = {
    key_hash: hashSecret(secret),
    stage: flow.stage,
    provider: flow.provider,
    app: flow.app && JSON.stringify(flow.app),
    identity: flow.identity && JSON.stringify(flow.identity),
    expires_at: at(now + lifetimeMs),
  };
  await tx.insertInto('provider_flows').values(row).execute();
}

/**
 * What an app waits with (PKCE) begins one sign-in. False: it has begun one before, and now none of them can be finished: who asked for
 * the other may have seen it with somebody else.
 */
export async function beginOnce(
  tx: Writes<Tables>,
  { provider, codeChallenge }: { readonly provider: Provider; readonly codeChallenge: string },
  { now, lifetimeMs }: { readonly now: number; readonly lifetimeMs: number },
): Promise<boolean> {
  await forgetOldFlows(tx, now);
  const key_hash = hashSecret(begunWith(codeChallenge));
  const { stage } = await tx
    .insertInto('provider_flows')
    .values({ key_hash, stage: 'begun', provider, expires_at: at(now + lifetimeMs) })
    .onConflict((on) => on.column('key_hash').doUpdateSet({ stage: 'begun-twice' }))
    .returning('stage')
    .executeTakeFirstOrThrow();
  return stage === 'begun';
}

/** In place of a secret: no cookie and no code looks like it. */
export const begunWith = (codeChallenge: string): string => `begun with ${codeChallenge}`;

export async function forgetOldFlows(tx: Writes<Tables>, now: number): Promise<void> {
  await tx.deleteFrom('provider_flows').where('expires_at', '<', at(now)).execute();
}

/** Null: there is none at this stage any more. */
export async function takeFlow(tx: Writes<Tables>, secret: string, stage: Stage, now: number): Promise<Flow | null> {
  const row = await tx
    .deleteFrom('provider_flows')
    .where('key_hash', '=', hashSecret(secret))
    .where('stage', '=', stage)
    .where('expires_at', '>', at(now))
    .returning(['provider', 'app', 'identity'])
    .executeTakeFirst();
  if (!row) return null;
  return {
    stage,
    provider: row.provider,
    app: row.app === null ? null : app.parse(JSON.parse(row.app)),
    identity: row.identity === null ? null : identity.parse(JSON.parse(row.identity)),
  };
}

function at(ms: number): string {
  return new Date(ms).toISOString();
}
