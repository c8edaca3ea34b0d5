/** Whether an account may sign in, its password being right. */
import type { AccountRow } from './accounts.ts';

/** `idle`: not signed in for so long that it is disabled until an admin enables it. */
export type Standing = 'good' | 'disabled' | 'idle' | 'organization-disabled';

export const IDLE_MS = 30 * 24 * 3_600_000;

type Dates = Pick<AccountRow, 'organization_disabled_at' | 'disabled_at' | 'last_login_at' | 'enabled_at'>;

export function standing(account: Dates, now: number): Standing {
  if (account.organization_disabled_at !== null) return 'organization-disabled';
  if (account.disabled_at !== null) return 'disabled';
  const lastUse = Math.max(Date.parse(account.enabled_at), Date.parse(account.last_login_at ?? account.enabled_at));
  return now - lastUse > IDLE_MS ? 'idle' : 'good';
}
