/** Where a failed sign-in is told: beside the field it is about, or above them all. */
import type { FailureCode } from '../../protocol/bridge/failure.ts';

export type Place = 'address' | 'password' | 'form';

const aboutTheServer: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'bad-address',
  'name-not-found',
  'refused',
  'unreachable',
  'timed-out',
  'tls-untrusted',
  'tls-failed',
  'proxy-failed',
  'not-this-api',
  'cut-off',
  'not-understood',
  'wrong-host',
  'unknown-route',
  'not-ready',
]);

export function placeOf(code: FailureCode): Place {
  if (aboutTheServer.has(code)) return 'address';
  return code === 'wrong-credentials' || code === 'wrong-password' ? 'password' : 'form';
}
