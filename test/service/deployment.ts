/** The backend of a test in either deployment: both services as one, or the auth service before the machine service. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import type { PasswordLimits } from '../../backend/auth/passwords.ts';
import type { Disk } from '../../backend/machines/recordings/recording-file.ts';
import { readConfig, type Role } from '../../backend/config.ts';
import { openData } from '../../backend/data/data-folder.ts';
import { createLog } from '../../backend/gateway/log.ts';
import type { Rates } from '../../backend/gateway/rate-limits.ts';
import { usualServerLimits, type ServerLimits } from '../../backend/gateway/server.ts';
import { realDisk } from '../../backend/machines/recordings/recording-file.ts';
import { machineDefaults, type MachineSettings } from '../../backend/machines/settings.ts';
import type { SqliteLibrary } from '../../backend/store/sqlite/database.ts';
import type { Service } from '../../protocol/api/table.ts';
import { serve, type ServeParts, type Serving } from '../../backend/serve.ts';
import { newObjectId } from './store.ts';

export interface BackendOptions {
  readonly machines?: Partial<MachineSettings>;
  readonly passwords?: PasswordLimits;
  readonly rates?: Rates;
  readonly limits?: Partial<ServerLimits>;
  /** Environment variables, as an operator sets them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Added to the real clock, in milliseconds. */
  readonly clock?: { ahead: number };
  /** 0: reconcilers run at once; 1: none before its whole time is over. */
  readonly random?: () => number;
  readonly library?: SqliteLibrary;
  /** Where recordings are written. */
  readonly disk?: Disk;
  /** One that is there already: it is left there afterwards. */
  readonly dataFolder?: string;
  readonly port?: number;
  readonly agentFile?: string;
  /** Where it matters to the test; else the run's. */
  readonly deployment?: 'one' | 'two';
}

/** No limit that a test could reach unless it means to. */
const plenty = { burst: 1e6, perSecond: 1e6 };
const noLimits: Rates = {
  read: { address: plenty, account: plenty },
  write: { address: plenty, account: plenty },
  guess: { address: plenty, account: plenty },
};

const usual = {
  machines: {},
  passwords: { atOnce: 2, waiting: 100 },
  refusedEveryMs: 0,
  rates: noLimits,
  limits: {},
  clock: { ahead: 0 },
  random: () => 1,
  library: { DatabaseSync },
  disk: realDisk,
  port: 0,
  openStore: openData,
  agentFile: join(import.meta.dirname, '../../dist/webxterm-agent.js'),
};

export interface StartOptions extends BackendOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly dataFolder: string;
  readonly logged: string[];
  readonly openStore?: ServeParts['openStore'];
}

export async function startRole(options: StartOptions, role: Role['is']): Promise<Serving> {
  const { clock, environment, port, machines, limits, dataFolder, logged, ...parts } = { ...usual, ...options };
  const configured = readConfig(environment, { data: dataFolder, port, role }, dataFolder);
  if (!configured.ok) throw new Error(configured.problems.join('; '));
  const started = await serve({
    ...parts,
    config: configured.config,
    log: createLog('debug', { write: (line) => logged.push(line) }),
    version: '0.0.0-test',
    machines: { ...machineDefaults, ...machines },
    limits: { ...usualServerLimits, ...limits },
    now: () => Date.now() + clock.ahead,
    monotonic: () => performance.now(),
    newObjectId,
    newUuid: () => randomUUID(),
  });
  if (!started.ok) throw new Error(`the backend did not start: ${started.code}`);
  return started.serving;
}

export async function startOne(options: StartOptions): Promise<Deployed> {
  const serving = await startRole(options, 'all');
  return { ...serving, machinesUrl: `http://127.0.0.1:${serving.port}` };
}

/** Where people reach it, and where the machine service listens. */
export interface Deployed extends Serving {
  readonly machinesUrl: string;
}
/** What people reach is the auth service; its bus is where what it decides is told. */
export interface TwoServices extends Deployed {
  stop(service: Service): Promise<void>;
  /** Where it was, and with what it left. */
  start(service: Service): Promise<void>;
}
export async function startTwo(options: StartOptions): Promise<TwoServices> {
  const openStore = sharedStore();
  const ports: Record<Service, number> = { auth: options.port ?? 0, machines: 0 };
  const running = new Map<Service, Serving>();
  const two = {
    async start(service: Service): Promise<void> {
      const environment = { ...options.environment, MACHINES_URL: `http://127.0.0.1:${ports.machines}` };
      const serving = await startRole({ ...options, openStore, environment, port: ports[service] }, service);
      ports[service] = serving.port;
      running.set(service, serving);
    },
    async stop(service: Service): Promise<void> {
      await running.get(service)?.[Symbol.asyncDispose]();
      running.delete(service);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await two.stop('machines');
      await two.stop('auth');
    },
  };
  try {
    await two.start('machines');
    await two.start('auth');
    await untilReady(ports.auth);
    const { store, bus } = running.get('auth') ?? unreachable();
    return { ...two, store, bus, port: ports.auth, machinesUrl: `http://127.0.0.1:${ports.machines}` };
  } catch (error) {
    await two[Symbol.asyncDispose]();
    throw error;
  }
}

function unreachable(): never {
  throw new Error('it was started above');
}

/** Two connections that write in one process would wait for each other: the wait for SQLite's lock holds the whole process. */
function sharedStore(): ServeParts['openStore'] {
  let opening: ReturnType<typeof openData> | null = null;
  let users = 0;
  return async (parts) => {
    opening ??= openData(parts);
    const data = await opening;
    if (!data.ok) return data;
    users += 1;
    const close = async (): Promise<void> => {
      users -= 1;
      if (users > 0) return;
      opening = null;
      await data.value[Symbol.asyncDispose]();
    };
    return { ok: true, value: { ...data.value, [Symbol.asyncDispose]: close } };
  };
}

export async function untilReady(port: number): Promise<void> {
  // A connection that was kept may still be to the one that was there before.
  const ready = async (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (let tries = 0; !(await ready()); tries++) {
    if (tries > 500) throw new Error('the backend did not become ready');
    await wait(20);
  }
}
