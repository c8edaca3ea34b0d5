/** Signing in with a password: the three answers a server may give. */
import { auth, type SignedIn } from '../../../protocol/api/auth.ts';
import type { Result } from '../../../protocol/bridge/failure.ts';
import type { CallServer } from '../api/client.ts';
import { fail, ok } from '../outcome.ts';

export interface Typed {
  readonly email: string;
  readonly password: string;
}

export async function signIn(call: CallServer, { email, password }: Typed): Promise<Result<SignedIn>> {
  const answer = await call(auth.login, { body: { email, password } });
  if (!answer.ok) return answer;
  if ('requires_otp' in answer.value) return fail('code-not-supported');
  if ('requires_tenant_selection' in answer.value) return fail('organization-choice-not-supported');
  return ok(answer.value);
}
