/** Secrets the backend hands out (registration tokens, API keys): long, random, kept only as their hash. */
import { createHash, randomBytes } from 'node:crypto';

/** Begins an API key, so that people and scanners know one when they see it. */
export const KEY_PREFIX = 'vsay_ak_';

/** 192 random bits: too many to guess, so a plain hash protects them as well as a slow one. */
export function newSecret(prefix: string): string {
  return prefix + randomBytes(24).toString('base64url');
}

/** What is stored and looked up instead of the secret itself. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
