/** The key that says who this agent is. The private half is made here and never leaves this computer. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { z } from 'zod';
import { challengeText } from '../protocol/wire/control.ts';

const publicJwk = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string().length(43) });

export interface Identity {
  /** PKCS #8 in base64url, for the configuration. */
  readonly privateKey: string;
  /** 32 bytes in base64url, for the server. */
  readonly publicKey: string;
}

export function createIdentity(): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64url'),
    publicKey: publicJwk.parse(publicKey.export({ format: 'jwk' })).x,
  };
}

/** Whether this is a key that can sign; what a person edited by hand may not be. */
export function isUsableKey(privateKey: string): boolean {
  try {
    return createPublicKey(readKey(privateKey)).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

/** `host` as it was dialled: a challenge passed on by another server is worth nothing here. */
export function signChallenge(privateKey: string, challenge: { host: string; agentId: string; nonce: string }): string {
  const text = challengeText(challenge.host, challenge.agentId, challenge.nonce);
  return sign(null, Buffer.from(text, 'utf8'), readKey(privateKey)).toString('base64url');
}

const readKey = (privateKey: string) =>
  createPrivateKey({ key: Buffer.from(privateKey, 'base64url'), format: 'der', type: 'pkcs8' });
