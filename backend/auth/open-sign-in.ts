/** The sign-in behind a session token, as long as it is neither ended nor expired. */
import type { PlatformStore, Reads, Refused } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import type { Proof } from './sign-in.ts';
import type { SessionPurpose, Tokens } from './tokens.ts';

export interface OpenSignIn {
  readonly sid: string;
  readonly proof: Proof;
  /** When it was begun. */
  readonly signedInAt: string;
}
interface Parts {
  readonly platform: Pick<PlatformStore, 'read'>;
  readonly tokens: Pick<Tokens, 'checkSession'>;
  readonly now: () => number;
}

export async function signInByToken(
  { platform, tokens, now }: Parts,
  sessionToken: string,
  purpose: SessionPurpose,
): Promise<OpenSignIn | Refused> {
  const checked = await tokens.checkSession(sessionToken, purpose);
  return checked.ok ? openSignIn(platform.read, checked.claims.sid, now()) : { refuse: { code: checked.code } };
}

export async function openSignIn(read: Reads<Tables>, sid: string, now: number): Promise<OpenSignIn | Refused> {
  const found = await read
    .selectFrom('sign_ins')
    .select(['proof', 'created_at', 'revoked_at', 'expires_at'])
    .where('id', '=', sid)
    .executeTakeFirst();
  if (!found || found.revoked_at !== null) return { refuse: { code: 'token-revoked' } };
  if (Date.parse(found.expires_at) <= now) return { refuse: { code: 'token-expired' } };
  return { sid, proof: found.proof, signedInAt: found.created_at };
}
