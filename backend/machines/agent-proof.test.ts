import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { challengeText } from '../../protocol/wire/control.ts';
import { isProven } from './agent-proof.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const x = publicKey.export({ format: 'jwk' }).x ?? '';
const signed = (host: string, agentId: string, nonce: string): string =>
  sign(null, Buffer.from(challengeText(host, agentId, nonce)), privateKey).toString('base64url');
const proof = { publicKey: x, agentId: 'a-1', nonce: 'n-1234567890123456', signature: '' };

describe("an agent's signature", () => {
  it('proves the agent on the host it dialled', () => {
    const signature = signed('shell.example.org', 'a-1', proof.nonce);
    expect(isProven({ ...proof, signature }, ['shell.example.org'])).toBe(true);
  });

  it.each([
    ['another host: a relayed challenge is worth nothing', signed('evil.example.org', 'a-1', proof.nonce)],
    ['another agent', signed('shell.example.org', 'a-2', proof.nonce)],
    ['another nonce: a recorded answer is worth nothing', signed('shell.example.org', 'a-1', 'n-0000000000000000')],
    ['nothing at all', ''],
    ['bytes of the wrong length', 'AAAA'],
  ])('over %s is refused', (_, signature) => {
    expect(isProven({ ...proof, signature }, ['shell.example.org'])).toBe(false);
  });

  it('by another key is refused', () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '';
    const signature = signed('shell.example.org', 'a-1', proof.nonce);
    expect(isProven({ ...proof, publicKey: other, signature }, ['shell.example.org'])).toBe(false);
  });
});
