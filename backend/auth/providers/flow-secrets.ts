/** The secrets of one sign-in by a provider. All come from the cookie of the browser: the store has nothing to go on with. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface FlowSecrets {
  /** Comes back by the browser: it is the same one, and it is this sign-in. */
  readonly state: string;
  /** Comes back in the identity token: that was made for this sign-in. */
  readonly nonce: string;
  /** PKCE: who begins it fetches the tokens. */
  readonly codeVerifier: string;
  /** In the address of the page's button: the person pressed it. */
  readonly proof: string;
}

export function newCookie(): string {
  return randomBytes(32).toString('base64url');
}

export function flowSecrets(cookie: string): FlowSecrets {
  const derive = (label: string): string => createHmac('sha256', cookie).update(label).digest('base64url');
  return { state: derive('state'), nonce: derive('nonce'), codeVerifier: derive('verifier'), proof: derive('proof') };
}

/** In the same time, wherever they differ. */
export function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
