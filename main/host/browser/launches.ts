/**
 * Who may have a window. A launch token is given out for one use within a minute; who shows it gets the keys of a window, which are
 * good while this host runs. Only hashes are kept, and looked up by: comparing takes as long for a near miss as for any other.
 */
import { createHash } from 'node:crypto';
import type { WindowKeys } from '../../../protocol/bridge/socket.ts';

export const launchLivesMs = 60_000;
const mostLaunches = 32;
const mostWindows = 256;

export interface LaunchParts {
  readonly now: () => number;
  /** 256 bits that nobody can guess, as text that needs no escape. */
  readonly newSecret: () => string;
}

export interface Launches {
  /** A new token. The oldest is forgotten when there are too many. */
  readonly issue: () => string;
  /** Null for a token that was never given out, was used, or is too old. */
  readonly redeem: (token: string) => WindowKeys | null;
  /** What proves the host to the window with this secret; null when there is none. */
  readonly proofFor: (secret: string) => string | null;
}

export function createLaunches({ now, newSecret }: LaunchParts): Launches {
  const expiry = new Map<string, number>();
  const proofs = new Map<string, string>();
  return {
    issue() {
      const token = newSecret();
      expiry.set(hash(token), now() + launchLivesMs);
      forgetOldest(expiry, mostLaunches);
      return token;
    },
    redeem(token) {
      const key = hash(token);
      const expires = expiry.get(key);
      expiry.delete(key);
      if (expires === undefined || now() >= expires) return null;
      const keys = { secret: newSecret(), proof: newSecret() };
      proofs.set(hash(keys.secret), keys.proof);
      forgetOldest(proofs, mostWindows);
      return keys;
    },
    proofFor(secret) {
      const key = hash(secret);
      const proof = proofs.get(key);
      if (proof === undefined) return null;
      // The window in use becomes the youngest.
      proofs.delete(key);
      proofs.set(key, proof);
      return proof;
    },
  };
}

const hash = (secret: string) => createHash('sha256').update(secret).digest('base64url');

function forgetOldest(map: Map<string, unknown>, most: number) {
  const oldest = map.size > most ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}
