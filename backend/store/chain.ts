/** Whether the entries of an audit chain are what was written: each fits to the one before, and nothing of it was changed since. */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { entryHash, GENESIS } from './audit.ts';
import type { Tables } from './tables.ts';

export type Entry = Tables['audit_entries'];
export interface Link {
  readonly seq: number;
  readonly hash: string;
}
/** `changed`: the entry is not as it was written; `missing`: entries before it are gone, or were put elsewhere. */
export interface Break {
  readonly seq: number;
  readonly reason: 'changed' | 'missing';
}

/** Before the first entry of every chain. */
export const BEGINNING: Link = { seq: 0, hash: GENESIS };

/** Null: it fits behind `before`. */
export function breakAt(before: Link, entry: Entry): Break | null {
  if (entry.seq !== before.seq + 1) return { seq: entry.seq, reason: 'missing' };
  if (entryHash(entry) !== entry.hash) return { seq: entry.seq, reason: 'changed' };
  // Whole in itself, but made for another place: what stood before it was exchanged.
  return entry.prev_hash === before.hash ? null : { seq: entry.seq, reason: 'missing' };
}

type Checkpoint = Tables['audit_checkpoints'];
export interface CheckpointKey {
  sign(checkpoint: Omit<Checkpoint, 'signature'>): string;
  isOwn(checkpoint: Checkpoint): boolean;
}

/** A key of its own, made of the server's secret: whoever only writes to the store cannot sign a cut. */
export function createCheckpointKey(secret: string): CheckpointKey {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'audit-checkpoint', 32));
  const sign: CheckpointKey['sign'] = ({ organization_id, seq, hash, cut_at }) =>
    createHmac('sha256', key)
      .update(JSON.stringify([organization_id, seq, hash, cut_at]))
      .digest('hex');
  return {
    sign,
    isOwn(checkpoint) {
      const [wanted, given] = [sign(checkpoint), checkpoint.signature].map((text) => Buffer.from(text));
      return (
        wanted !== undefined && given !== undefined && wanted.length === given.length && timingSafeEqual(wanted, given)
      );
    },
  };
}
