/** What has run out and is of no more use: sign-ins, codes, tries that are counted, registration tokens, leases. */
import { forgetOldChallenges } from '../auth/otp/challenge.ts';
import { forgetOldFlows } from '../auth/providers/flows.ts';
import { forgetOldSignIns } from '../auth/sign-in.ts';
import { forgetOldTries } from '../store/throttle.ts';
import type { Store, Writes } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

interface Parts {
  readonly store: Pick<Store, 'platform'>;
  readonly now: () => number;
}

/** So long it is still known whose a dead registration token was: whoever tries it shows up in that organization's audit. */
const TOKEN_KEPT_MS = 30 * 24 * 3_600_000;
const LEASE_KEPT_MS = 24 * 3_600_000;

/** Rows that only count and remember: no person's act, so no audit. */
export async function forgetExpired({ store, now }: Parts, signal: AbortSignal): Promise<void> {
  const steps = [
    forgetOldSignIns,
    forgetOldChallenges,
    forgetOldFlows,
    forgetOldTries,
    forgetOldTokens,
    forgetOldLeases,
  ];
  for (const step of steps) {
    if (signal.aborted) return;
    await store.platform.upkeep((tx) => step(tx, now()));
  }
}

async function forgetOldTokens(tx: Writes<Tables>, now: number): Promise<void> {
  await tx
    .deleteFrom('registration_tokens')
    .where('expires_at', '<', new Date(now - TOKEN_KEPT_MS).toISOString())
    .execute();
}

async function forgetOldLeases(tx: Writes<Tables>, now: number): Promise<void> {
  await tx
    .deleteFrom('leases')
    .where('until', '<', new Date(now - LEASE_KEPT_MS).toISOString())
    .execute();
}
