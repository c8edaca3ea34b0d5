/** The challenge of a sign-in: the hash of the code that was mailed last, and how often it may be tried, by who has the sign-in's token and by others. */
import type { Reads, Writes } from '../../store/store.ts';
import type { Tables } from '../../store/tables.ts';
import { WAIT_MS } from '../sign-in.ts';
import type { Visitor } from '../../gateway/caller.ts';

const MOST_TRIES = 5;

export interface Challenge {
  readonly signInId: string;
  readonly userId: string;
  readonly organizationId: string;
  readonly codeHash: string;
}

/** Takes the place of the one before: that code is good no more. */
export async function setChallenge(
  tx: Writes<Tables>,
  { signInId, userId, organizationId, codeHash }: Challenge,
  now: number,
): Promise<void> {
  await forgetOldChallenges(tx, now);
  const challenge = {
    user_id: userId,
    organization_id: organizationId,
    code_hash: codeHash,
    tries: 0,
    tries_by_name: 0,
    created_at: at(now),
    expires_at: at(now + WAIT_MS),
  };
  await tx
    .insertInto('otp_challenges')
    .values({ sign_in_id: signInId, ...challenge })
    .onConflict((oc) => oc.column('sign_in_id').doUpdateSet(challenge))
    .execute();
}

export async function forgetOldChallenges(tx: Writes<Tables>, now: number): Promise<void> {
  await tx.deleteFrom('otp_challenges').where('expires_at', '<', at(now)).execute();
}

const columns = [
  'otp_challenges.sign_in_id as signInId',
  'otp_challenges.user_id as userId',
  'otp_challenges.organization_id as organizationId',
  'otp_challenges.code_hash as codeHash',
] as const;

/** Undefined: it was used, or never was. */
export async function challengeOf(read: Reads<Tables>, signInId: string): Promise<Challenge | undefined> {
  return read.selectFrom('otp_challenges').select(columns).where('sign_in_id', '=', signInId).executeTakeFirst();
}

/** The newest that this user name waits for, if it is the same client at the same address that signed in. */
export async function challengeHere(
  read: Reads<Tables>,
  username: string,
  { address, userAgent }: Visitor,
): Promise<Challenge | undefined> {
  return read
    .selectFrom('otp_challenges')
    .innerJoin('sign_ins', 'sign_ins.id', 'otp_challenges.sign_in_id')
    .innerJoin('users', 'users.id', 'otp_challenges.user_id')
    .select(columns)
    .where('users.username_key', '=', username.toLowerCase())
    .where('sign_ins.revoked_at', 'is', null)
    .where('sign_ins.ip_address', '=', address)
    .where('sign_ins.user_agent', userAgent === null ? 'is' : '=', userAgent)
    .orderBy('otp_challenges.created_at', 'desc')
    .executeTakeFirst();
}

/**
 * Counts a try at it. False: it is dead, by age or by tries; however many come at once, no more than these get through. Tries without
 * the session token may be a stranger's: used up, the code is dead for those, and good for who has the token.
 */
export async function countTry(
  tx: Writes<Tables>,
  { signInId, codeHash }: Challenge,
  { byName, now }: { readonly byName: boolean; readonly now: number },
): Promise<boolean> {
  const tries = byName ? 'tries_by_name' : 'tries';
  const counted = await tx
    .updateTable('otp_challenges')
    .set((eb) => ({ [tries]: eb(tries, '+', 1) }))
    .where('sign_in_id', '=', signInId)
    .where('code_hash', '=', codeHash)
    .where(tries, '<', MOST_TRIES)
    .where('expires_at', '>', at(now))
    .executeTakeFirst();
  return counted.numUpdatedRows === 1n;
}

/** Uses it up. False: somebody else was first, or a newer one took its place. */
export async function useUp(tx: Writes<Tables>, { signInId, codeHash }: Challenge): Promise<boolean> {
  const used = await tx
    .deleteFrom('otp_challenges')
    .where('sign_in_id', '=', signInId)
    .where('code_hash', '=', codeHash)
    .executeTakeFirst();
  return used.numDeletedRows === 1n;
}

function at(ms: number): string {
  return new Date(ms).toISOString();
}
