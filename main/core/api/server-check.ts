/** Whether a server of this API answers at an address, before anybody types a password. */
import { system } from '../../../protocol/api/system.ts';
import type { Failure, Result } from '../../../protocol/bridge/failure.ts';
import { desktopFailure, ok, refused } from '../outcome.ts';
import { isEncrypted, isLocal, serverAddress } from './address.ts';
import type { CallServer } from './client.ts';

export interface CheckedServer {
  /** As it is kept. */
  readonly address: string;
  readonly version: string | null;
  readonly encrypted: boolean;
  /** It runs on this computer. */
  readonly local: boolean;
}

export async function checkServer(
  typed: string,
  connect: (address: string) => CallServer,
): Promise<Result<CheckedServer>> {
  const address = serverAddress(typed);
  if (!address.ok) return address;
  const health = await connect(address.value)(system.health, {});
  if (!health.ok) return refused(explained(health.failure, address.value));
  const { version = null } = health.value;
  return ok({ address: address.value, version, encrypted: isEncrypted(address.value), local: isLocal(address.value) });
}

/** An answer that is JSON but not this one is no server of this API either. */
function explained(failure: Failure, address: string): Failure {
  if (['not-understood', 'not-found', 'unknown-route'].includes(failure.code)) {
    return desktopFailure('not-this-api', failure.detail ?? failure.message);
  }
  if (failure.code !== 'tls-failed') return failure;
  return { ...failure, detail: `${failure.detail} If it has no TLS, write http://${new URL(address).host}.` };
}
