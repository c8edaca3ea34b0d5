/** A new password, for who knows the old one. It ends every other sign-in of the account. */
import type { profile } from '../../protocol/api/profile.ts';
import type { Input, Outcome } from '../../protocol/api/row.ts';
import type { Bus } from '../bus/bus.ts';
import { limitedBy } from '../gateway/address.ts';
import type { Member } from '../gateway/caller.ts';
import type { PlatformNote, PlatformStore } from '../store/store.ts';
import { admit, forget, takeBack } from '../store/throttle.ts';
import type { Passwords } from './passwords.ts';

export interface ResetPasswordParts {
  readonly platform: PlatformStore;
  readonly passwords: Passwords;
  readonly bus: Pick<Bus, 'publish'>;
  readonly now: () => number;
}
type Row = (typeof profile)['resetPassword'];

const BUSY = { refuse: { code: 'slow-down', retryAfterS: 1 } } as const;

export async function resetPassword(
  parts: ResetPasswordParts,
  { body }: Input<Row>,
  caller: Member,
): Promise<Outcome<Row>> {
  const { platform, passwords } = parts;
  const admitted = await admit(platform, countedAs(caller), parts.now());
  if (!admitted.ok) return { refuse: { code: 'slow-down', retryAfterS: admitted.retryAfterS } };
  const { password_hash: stored } = await caller.home.read
    .selectFrom('users')
    .select('password_hash')
    .where('id', '=', caller.account.id)
    .executeTakeFirstOrThrow();
  const { email } = caller.account;
  const checked = await passwords.verify({ email, password: body.current_password }, [stored]);
  if (!checked.ok) return BUSY;
  if (checked.right.length === 0) {
    await platform.write(() => Promise.resolve({ value: null, audit: noteOf(caller, 'failure') }));
    return { refuse: { code: 'wrong-password' } };
  }
  const hashed = await passwords.hash({ email, password: body.new_password });
  return hashed.ok ? replace(parts, caller, { from: stored, to: hashed.hash }) : BUSY;
}

async function replace(
  { platform, bus }: ResetPasswordParts,
  caller: Member,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<Outcome<Row>> {
  const { account, signInId } = caller;
  const counted = countedAs(caller);
  const written = await platform.write(async (tx) => {
    const changed = await tx
      .updateTable('users')
      .set({ password_hash: to })
      .where('id', '=', account.id)
      .where('password_hash', '=', from)
      .executeTakeFirst();
    // Somebody else was faster: what was checked is not the password any more.
    if (changed.numUpdatedRows === 0n) return { refuse: { code: 'wrong-password' } };
    await forget(tx, { account: counted.account });
    await takeBack(tx, { address: counted.address });
    // Only of this account: a sign-in may have proven others too.
    const ended = await tx
      .deleteFrom('sign_in_accounts')
      .where('user_id', '=', account.id)
      .where('sign_in_id', '!=', signInId)
      .returning('sign_in_id')
      .execute();
    return { value: ended, audit: noteOf(caller, 'success') };
  });
  if ('refuse' in written) return written;
  for (const { sign_in_id } of written.value) {
    bus.publish('sign-in.revoked', { signInId: sign_in_id, userId: account.id });
  }
  return { status: 200, body: { message: 'Password changed. Every other sign-in of this account has ended.' } };
}

/** Apart from tries to sign in: who has a token cannot lock the account's owner out. */
function countedAs({ account, address }: Member) {
  return { account: `password of ${account.id}`, address: limitedBy(address) };
}

function noteOf({ account, home, actor }: Member, status: 'success' | 'failure'): PlatformNote {
  return { action: 'password_changed', resource: account.id, status, organizationId: home.id, actor };
}
