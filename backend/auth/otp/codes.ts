/** Codes of six digits, and what is kept of one: a keyed hash, for a plain one of a million codes is soon turned back. */
import { createHmac, hkdfSync, randomInt, timingSafeEqual } from 'node:crypto';

const DIGITS = 6;

export interface Codes {
  make(): string;
  /** Of this sign-in: the same code of another has another hash. */
  hash(signInId: string, code: string): string;
  isRight(signInId: string, code: string, hash: string): boolean;
}

/** `secret`: the one that signs tokens. The store alone gives no code away. */
export function createCodes(secret: string): Codes {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'otp-code', 32));
  const digest = (signInId: string, code: string): Buffer =>
    createHmac('sha256', key).update(`${signInId}\n${code}`).digest();
  return {
    make: () => String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0'),
    hash: (signInId, code) => digest(signInId, code).toString('hex'),
    isRight(signInId, code, hash) {
      const [given, kept] = [digest(signInId, code), Buffer.from(hash, 'hex')];
      return given.length === kept.length && timingSafeEqual(given, kept);
    },
  };
}
