/** The agent's key and its proofs. */
import { createPublicKey, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publicKey as publicKeySchema } from '../protocol/api/agents.ts';
import { challengeText } from '../protocol/wire/control.ts';
import { createIdentity, isUsableKey, signChallenge } from './identity.ts';

const { privateKey, publicKey } = createIdentity();

function isRight(signature: string, host: string, agentId: string, nonce: string): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
  return verify(null, Buffer.from(challengeText(host, agentId, nonce)), key, Buffer.from(signature, 'base64url'));
}

describe('the identity', () => {
  it('is a new key each time, public in the form the contract wants', () => {
    expect(publicKeySchema.safeParse(publicKey).success).toBe(true);
    expect(createIdentity().privateKey).not.toBe(privateKey);
  });

  it('a proof is good for its host, agent and nonce, and for no other', () => {
    const text = fc.string({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(text, text, text, text, (host, agentId, nonce, other) => {
        const signature = signChallenge(privateKey, { host, agentId, nonce });
        expect(isRight(signature, host, agentId, nonce)).toBe(true);
        expect(isRight(signature, other, agentId, nonce)).toBe(other === host);
        expect(isRight(signature, host, agentId, other)).toBe(other === nonce);
      }),
      { numRuns: 50 },
    );
  });

  it('knows what is no key', () => {
    expect(isUsableKey(privateKey)).toBe(true);
    for (const text of ['', 'AAAA', privateKey.slice(1)]) expect(isUsableKey(text)).toBe(false);
  });
});
