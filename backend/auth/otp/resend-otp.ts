/** Another code, where the first did not arrive. */
import type { auth } from '../../../protocol/api/auth.ts';
import type { Input, Outcome } from '../../../protocol/api/row.ts';
import type { Visitor } from '../../gateway/caller.ts';
import { accountById } from '../accounts.ts';
import { signInByToken } from '../open-sign-in.ts';
import { standing } from '../standing.ts';
import { codeStep, take, type StepParts } from '../step.ts';
import { placeOf } from '../tenants.ts';
import { notUsable } from '../unusable.ts';
import { challengeOf } from './challenge.ts';

type Row = (typeof auth)['resendOtp'];

export async function resendOtp(parts: StepParts, { body }: Input<Row>, visitor: Visitor): Promise<Outcome<Row>> {
  const { platform, otp, now } = parts;
  const opened = await signInByToken(parts, body.session_token, 'verify-otp');
  if ('refuse' in opened) return opened;
  const { sid } = opened;
  const challenge = await challengeOf(platform.read, sid);
  const account = challenge && (await accountById(platform.read, challenge.userId));
  if (!account || !otp) return { refuse: { code: 'code-expired' } };
  if (standing(account, now()) !== 'good') return notUsable(parts, [account], visitor);

  const place = await placeOf(platform.read, challenge.organizationId);
  const step = await codeStep(parts, otp, { account, place }, { sid, visitor, by: { by: 'resend' } });
  return take(parts, step, async (tx) => ((await challengeOf(tx, sid)) ? [] : { refuse: { code: 'code-expired' } }));
}
