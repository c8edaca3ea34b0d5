/** Of what should not happen on a terminal's socket: whether the disk is to blame, or we are. */
import { storeFault } from '../../store/fault.ts';
import type { WireRefusal } from './refusals.ts';

export function faultCode(error: unknown): Extract<WireRefusal, 'storage-full' | 'unexpected'> {
  return storeFault(error) === 'cannot-write' ? 'storage-full' : 'unexpected';
}
