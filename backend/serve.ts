/** The backend, composed: data, bus, both services and the gateway, listening. */
import type { Logger } from 'pino';
import { z } from 'zod';
import { createPasswords, type PasswordLimits } from './auth/passwords.ts';
import { createAuthService } from './auth/service.ts';
import { createTokens } from './auth/tokens.ts';
import type { Bus } from './bus/bus.ts';
import { createInProcessBus } from './bus/in-process.ts';
import type { Config } from './config.ts';
import { lockData, openData, signingSecret, type DataFault } from './data/data-folder.ts';
import { createGateway, type Gateway } from './gateway/gateway.ts';
import { createIdentify } from './gateway/identify.ts';
import { createMetrics } from './gateway/metrics.ts';
import type { Rates } from './gateway/rate-limits.ts';
import type { ServerLimits } from './gateway/server.ts';
import { createMachineService } from './machines/service.ts';
import type { MachineSettings } from './machines/settings.ts';
import type { SqliteLibrary } from './store/sqlite/database.ts';
import type { Store } from './store/store.ts';
import { createOpened, type Opened } from './opened.ts';
import { createSystemHandlers } from './system.ts';

export interface ServeParts {
  readonly config: Config;
  readonly log: Logger;
  readonly library: SqliteLibrary;
  readonly version: string;
  /** The bundled agent that `/install/agent.sh` hands out. */
  readonly agentFile: string;
  readonly machines: MachineSettings;
  readonly passwords: PasswordLimits;
  readonly rates: Rates;
  readonly limits: ServerLimits;
  /** Milliseconds of the wall clock, and of one that never goes back. */
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly newObjectId: () => string;
  readonly newUuid: () => string;
}
export interface Serving extends AsyncDisposable {
  readonly port: number;
  readonly store: Store;
  readonly bus: Bus;
}
export type StartFault = DataFault | 'port-taken' | 'port-forbidden' | 'address-not-here';
export type Started =
  { readonly ok: true; readonly serving: Serving } | { readonly ok: false; readonly code: StartFault };

/** Rejects only with what is a bug. */
export async function serve(parts: ServeParts): Promise<Started> {
  const opened = createOpened();
  try {
    const started = await start(parts, opened);
    if (!started.ok) await opened[Symbol.asyncDispose]();
    return started;
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

async function start(parts: ServeParts, opened: Opened): Promise<Started> {
  const { config, log, library, now, newObjectId, newUuid } = parts;
  const folder = config.dataFolder;
  const lock = lockData({ folder, library });
  if (!lock.ok) return lock;
  opened.use(lock.value);
  const data = await openData({ folder, library, now, newObjectId });
  if (!data.ok) return data;
  const store = opened.use(data.value);
  const secret = config.jwtSecret === null ? signingSecret(folder) : { ok: true as const, value: config.jwtSecret };
  if (!secret.ok) return secret;

  const state = { stopping: false };
  const isStopping = (): boolean => state.stopping;
  const bus = createInProcessBus((error, topic) => log.error({ err: error, topic }, 'a subscriber failed'));
  const metrics = createMetrics();
  const tokens = createTokens({ secret: secret.value, lifetimeS: config.tokenLifetimeS, now, newUuid });
  const passwords = await createPasswords(parts.passwords, newUuid());
  const auth = createAuthService({ platform: store.platform, bus, tokens, passwords, now, newObjectId, newUuid });
  const { registry } = metrics;
  const machines = createMachineService({
    ...parts,
    store,
    bus,
    registry,
    publicUrl: config.publicUrl,
    settings: parts.machines,
    agent: { file: parts.agentFile, version: parts.version },
  });
  const { install, ...machineHandlers } = machines.handlers;
  const system = createSystemHandlers({ store, registry, version: parts.version, isStopping });
  const gateway = createGateway({
    ...parts,
    ...config,
    handlers: { ...auth, ...machineHandlers, system: { ...system, ...install } },
    identify: createIdentify({ tokens, store }),
    bus,
    metrics,
    isStopping,
  });
  // Closed the other way round: agents are told goodbye while their sockets still stand.
  opened.use(gateway);
  opened.use(machines);
  opened.use({
    [Symbol.dispose]() {
      state.stopping = true;
    },
  });
  return listen(gateway, config.port, { store, bus, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() });
}

async function listen(gateway: Gateway, port: number, running: Omit<Serving, 'port'>): Promise<Started> {
  try {
    const listening = await gateway.listen(port);
    return { ok: true, serving: { ...running, port: listening.port } };
  } catch (error) {
    const known = listenError.safeParse(error);
    if (!known.success) throw error;
    return { ok: false, code: listenFaults[known.data.code] };
  }
}

const listenFaults = {
  EADDRINUSE: 'port-taken',
  EACCES: 'port-forbidden',
  EADDRNOTAVAIL: 'address-not-here',
  ENOTFOUND: 'address-not-here',
} as const;
const listenError = z.object({ code: z.enum(['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND']) });
