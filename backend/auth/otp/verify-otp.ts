/** The code from the mail: wrong, used up, or the end of signing in. */
import type { auth } from '../../../protocol/api/auth.ts';
import type { Input, Outcome } from '../../../protocol/api/row.ts';
import { limitedBy } from '../../gateway/address.ts';
import type { Visitor } from '../../gateway/caller.ts';
import { PLATFORM, type PlatformNote, type Reads, type Refused, type Writes } from '../../store/store.ts';
import type { Tables } from '../../store/tables.ts';
import { admit, forget, takeBack } from '../../store/throttle.ts';
import { accountById, accountsByEmail, type AccountRow } from '../accounts.ts';
import { accountActor, visitorActor } from '../actor.ts';
import { signInByToken } from '../open-sign-in.ts';
import { addProven } from '../sign-in.ts';
import { standing } from '../standing.ts';
import { take, tokenStep, type StepParts } from '../step.ts';
import { placeOf } from '../tenants.ts';
import { verifyEmail } from '../verify-email.ts';
import { notUsable } from '../unusable.ts';
import { challengeHere, challengeOf, countTry, useUp, type Challenge } from './challenge.ts';

type Row = (typeof auth)['verifyOtp'];

export async function verifyOtp(parts: StepParts, { body }: Input<Row>, visitor: Visitor): Promise<Outcome<Row>> {
  const { platform, codes, now } = parts;
  const waiting = await waitingFor(parts, body, visitor);
  if (waiting && 'refuse' in waiting) return waiting;
  const byName = body.session_token === undefined;
  const who = { ...(waiting && { code: countedAs(waiting, byName) }), address: limitedBy(visitor.address) };
  const admitted = await admit(platform, who, now());
  if (!admitted.ok) return { refuse: { code: 'slow-down', retryAfterS: admitted.retryAfterS } };
  if (!waiting) return wrongCode(parts, { visitor, waitS: admitted.waitS, username: body.username });

  const { account, challenge } = waiting;
  if (!(await platform.upkeep((tx) => countTry(tx, challenge, { byName, now: now() }))))
    return { refuse: { code: 'code-expired' } };
  if (!codes.isRight(challenge.signInId, body.otp_code, challenge.codeHash))
    return wrongCode(parts, { visitor, waitS: admitted.waitS, username: body.username, account });
  if (standing(account, now()) !== 'good') return notUsable(parts, [account], visitor);

  const place = await placeOf(platform.read, challenge.organizationId);
  const step = tokenStep(parts, { account, place }, { sid: challenge.signInId, visitor, by: { by: 'otp' } });
  return take(parts, step, async (tx) => {
    if (!(await useUp(tx, challenge))) return { refuse: { code: 'code-expired' } };
    await forget(tx, { code: account.id, mail: account.id });
    await takeBack(tx, who);
    return proveEmail(tx, account.email, { sid: challenge.signInId, visitor, now: now() });
  });
}

/** Who has no session token may be a stranger at the same address: that does not slow down who has it. */
function countedAs({ account }: Waiting, byName: boolean): string {
  return byName ? `${account.id} by name` : account.id;
}

interface Waiting {
  readonly challenge: Challenge;
  readonly account: AccountRow;
}
/** Null: nothing waits for a code that this caller could be believed to know. */
async function waitingFor(
  parts: StepParts,
  { username, session_token }: Input<Row>['body'],
  visitor: Visitor,
): Promise<Waiting | Refused | null> {
  const { read } = parts.platform;
  if (session_token === undefined) return ofAccount(read, await challengeHere(read, username, visitor), username);
  const opened = await signInByToken(parts, session_token, 'verify-otp');
  if ('refuse' in opened) return opened;
  const challenge = await challengeOf(read, opened.sid);
  return challenge ? ofAccount(read, challenge, username) : { refuse: { code: 'code-expired' } };
}

async function ofAccount(
  read: Reads<Tables>,
  challenge: Challenge | undefined,
  username: string,
): Promise<Waiting | null> {
  const account = challenge && (await accountById(read, challenge.userId));
  return challenge && account?.username_key === username.toLowerCase() ? { challenge, account } : null;
}

/** The person has the mailbox: this sign-in opens every account of that email from now on, and asks for no more codes. */
async function proveEmail(
  tx: Writes<Tables>,
  email: string,
  { sid, ...when }: { readonly sid: string; readonly visitor: Visitor; readonly now: number },
): Promise<readonly PlatformNote[]> {
  await tx.updateTable('sign_ins').set({ proof: 'email' }).where('id', '=', sid).execute();
  await addProven(tx, sid, await accountsByEmail(tx, email));
  return verifyEmail(tx, email, when);
}

interface Tried {
  readonly visitor: Visitor;
  readonly waitS: number;
  readonly username: string;
  readonly account?: AccountRow;
}
async function wrongCode({ platform }: StepParts, { visitor, waitS, username, account }: Tried): Promise<Refused> {
  const audit: PlatformNote = {
    action: 'otp_failed',
    status: 'failure',
    detail: { username, ...(waitS > 0 && { next_try_in_s: waitS }) },
    ...(account && { resource: account.id }),
    organizationId: account?.organization_id ?? PLATFORM.id,
    actor: account ? accountActor(account, visitor) : visitorActor(visitor),
  };
  await platform.write(() => Promise.resolve({ value: null, audit }));
  return { refuse: { code: 'code-wrong' } };
}
