/** Signing out. */
import type { auth } from '../../protocol/api/auth.ts';
import type { Outcome } from '../../protocol/api/row.ts';
import type { Bus } from '../bus/bus.ts';
import type { Member } from '../gateway/caller.ts';
import type { PlatformStore } from '../store/store.ts';

export interface LogoutParts {
  readonly platform: PlatformStore;
  readonly bus: Bus;
  readonly now: () => number;
}
type Logout = (typeof auth)['logout'];

/** Ends the sign-in with all its tokens, at once. */
export async function logout(parts: LogoutParts, caller: Member): Promise<Outcome<Logout>> {
  const { platform, bus, now } = parts;
  const { signInId, account, actor } = caller;
  const written = await platform.write(async (tx) => {
    const at = new Date(now()).toISOString();
    await tx.updateTable('sign_ins').set({ revoked_at: at }).where('id', '=', signInId).execute();
    const audit = { action: 'logout', resource: account.id, detail: { sign_in_id: signInId } };
    return { value: null, audit: { ...audit, organizationId: account.organizationId, actor } };
  });
  if ('refuse' in written) return written;
  bus.publish('sign-in.revoked', { signInId });
  return { status: 200, body: { message: 'Signed out.' } };
}
