/** The proof that an agent is who it says: an Ed25519 signature over the challenge, bound to the host it dialled. */
import { createPublicKey, verify } from 'node:crypto';
import { challengeText } from '../../protocol/wire/control.ts';

export interface Proof {
  /** base64url of 32 bytes, as stored when it joined. */
  readonly publicKey: string;
  readonly agentId: string;
  readonly nonce: string;
  readonly signature: string;
}

/** `hosts`: the names under which this service may have been dialled. */
export function isProven(proof: Proof, hosts: readonly string[]): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: proof.publicKey }, format: 'jwk' });
  const signature = Buffer.from(proof.signature, 'base64url');
  return hosts.some((host) =>
    verify(null, Buffer.from(challengeText(host, proof.agentId, proof.nonce)), key, signature),
  );
}
