/** Whether a server of this API answers at an address, before anybody types a password. */
import { auth } from '../../../protocol/api/auth.ts';
import { system } from '../../../protocol/api/system.ts';
import { provider, type Provider } from '../../../protocol/api/values.ts';
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
  /** By whom else than itself it lets people sign in. */
  readonly providers: Provider[];
}

export async function checkServer(
  typed: string,
  connect: (address: string) => CallServer,
): Promise<Result<CheckedServer>> {
  const address = serverAddress(typed);
  if (!address.ok) return address;
  const call = connect(address.value);
  const health = await call(system.health, {});
  if (!health.ok) return refused(explained(health.failure, address.value));
  const { version = null } = health.value;
  return ok({
    address: address.value,
    version,
    encrypted: isEncrypted(address.value),
    local: isLocal(address.value),
    providers: await providersOf(call),
  });
}

/** None, of a server that does not say. */
async function providersOf(call: CallServer): Promise<Provider[]> {
  const offered = await call(auth.providers, {});
  return offered.ok ? provider.options.filter((name) => offered.value[name]) : [];
}

/** An answer that is JSON but not this one is no server of this API either. */
function explained(failure: Failure, address: string): Failure {
  if (['not-understood', 'not-found', 'unknown-route'].includes(failure.code)) {
    return desktopFailure('not-this-api', failure.detail ?? failure.message);
  }
  if (failure.code !== 'tls-failed') return failure;
  return { ...failure, detail: `${failure.detail} If it has no TLS, write http://${new URL(address).host}.` };
}
