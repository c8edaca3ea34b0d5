/** The backend, composed for its role: what it stands on, its services and the gateway, listening. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { z } from 'zod';
import { rememberChecked } from './auth/checked-tokens.ts';
import { createEvenOut } from './auth/even-out.ts';
import { createCodes } from './auth/otp/codes.ts';
import { createPasswords, type PasswordLimits } from './auth/passwords.ts';
import { createAuthService } from './auth/service.ts';
import { createTokens, type Tokens } from './auth/tokens.ts';
import type { Bus } from './bus/bus.ts';
import { createInProcessBus } from './bus/in-process.ts';
import { createLinkedBus } from './bus/linked.ts';
import type { Config } from './config.ts';
import type { DataFault } from './data/data-folder.ts';
import { createDocumentHandlers } from './document/handlers.ts';
import { layFoundation, type Foundation, type FoundationParts } from './foundation.ts';
import { createVerifier, createVoucher } from './gateway/assertion.ts';
import { createBorder } from './gateway/border.ts';
import { busRoute, dialBus } from './gateway/bus-socket.ts';
import type { Door } from './gateway/door.ts';
import { createFrontDoor } from './gateway/front-door.ts';
import { createGateway, type Gateway } from './gateway/gateway.ts';
import type { ServiceHandlers, TableHandlers } from './gateway/handlers.ts';
import { createIdentify, createRecognize } from './gateway/identify.ts';
import { createRateLimits, type Rates } from './gateway/rate-limits.ts';
import type { ServerLimits } from './gateway/server.ts';
import { createUpstream } from './gateway/upstream/upstream.ts';
import { createVouchedDoor } from './gateway/vouched-door.ts';
import { collectRecordings } from './machines/recordings/collect-recordings.ts';
import { recordingsFolder } from './machines/recordings/recorder.ts';
import type { Disk } from './machines/recordings/recording-file.ts';
import { createMachineService, type MachineService } from './machines/service.ts';
import { collectUploads } from './machines/uploads/collect-uploads.ts';
import { createUploadFiles, type UploadFiles } from './machines/uploads/upload-files.ts';
import type { MachineSettings } from './machines/settings.ts';
import { removeOldRecordings } from './reconcile/old-recordings.ts';
import { startReconcilers, type Reconciler } from './reconcile/reconcilers.ts';
import { createReconciling } from './reconcile/service.ts';
import { createCheckpointKey } from './store/chain.ts';
import type { SqliteLibrary } from './store/sqlite/database.ts';
import type { Store } from './store/store.ts';
import { createOpened, type Opened } from './opened.ts';
import { createSystemHandlers } from './system.ts';
import { waysIn } from './ways-in.ts';

/** What is kept for days need not go to the minute. */
const COLLECTED_EACH_MS = 3_600_000;

export interface ServeParts extends Pick<FoundationParts, 'openStore'> {
  readonly config: Config;
  readonly log: Logger;
  readonly library: SqliteLibrary;
  readonly version: string;
  /** The bundled agent that `/install/agent.sh` hands out. */
  readonly agentFile: string;
  readonly machines: MachineSettings;
  /** Where recordings are written. */
  readonly disk: Disk;
  readonly passwords: PasswordLimits;
  /** Refused pairs of email and password are answered at whole multiples of this, in milliseconds; 0: at once. */
  readonly refusedEveryMs: number;
  readonly rates: Rates;
  readonly limits: ServerLimits;
  /** Milliseconds of the wall clock, and of one that never goes back. */
  readonly now: () => number;
  readonly monotonic: () => number;
  /** 0 to 1. */
  readonly random: () => number;
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
  const laid = await layFoundation(parts, opened);
  if (!laid.ok) return laid;
  const { gateway, bus } = compose({ ...parts, ...laid.value }, opened);
  opened.use(laid.value.stopping);
  const { store } = laid.value;
  return listen(gateway, parts.config.port, { store, bus, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() });
}

type Base = ServeParts & Foundation;
interface Composed {
  readonly gateway: Gateway;
  readonly bus: Bus;
}

function compose(base: Base, opened: Opened): Composed {
  const { role } = base.config;
  switch (role.is) {
    case 'all':
      return composeAll(base, opened);
    case 'auth':
      return composeAuth(base, role.machinesUrl, opened);
    case 'machines':
      return composeMachines(base, opened);
  }
}

/** Both services in this process. */
function composeAll(base: Base, opened: Opened): Composed {
  const bus = localBus(base);
  const tokens = tokensOf(base);
  const auth = authService(base, bus, tokens);
  const machines = machineService(base, bus);
  const gateway = createGateway({
    ...base,
    ...base.config,
    door: frontDoor(base, tokens),
    handlers: { ...systemHandlers(base, () => true), ...auth, ...machines.handlers } satisfies TableHandlers,
    upstream: null,
    internal: [],
    bus,
  });
  // Closed the other way round: agents are told goodbye while their sockets still stand.
  opened.use(gateway);
  opened.use(machines);
  opened.use(reconciling(base, bus));
  opened.use(collecting(base, machines));
  // What one that stopped in the middle had committed and not told yet.
  bus.publish('missed', {});
  return { gateway, bus };
}

/** Before the machine service, which it vouches to for whoever it lets in. */
function composeAuth(base: Base, url: URL, opened: Opened): Composed {
  const bus = createLinkedBus(localBus(base));
  const tokens = tokensOf(base);
  const auth = authService(base, bus, tokens);
  const voucher = createVoucher(base);
  const link = dialBus({ ...base, url, voucher, bus });
  const isLinked = (): boolean => link.isUp;
  const upstream = createUpstream({ url, voucher, silentMs: base.limits.upstreamMs, isLinked });
  const gateway = createGateway({
    ...base,
    ...base.config,
    door: frontDoor(base, tokens),
    handlers: { ...systemHandlers(base, isLinked), ...auth },
    upstream,
    internal: [],
    bus,
  });
  opened.use(upstream);
  opened.use(link);
  opened.use(gateway);
  opened.use(reconciling(base, bus));
  return { gateway, bus };
}

/** Behind the auth service: it lets nobody in by itself. */
function composeMachines(base: Base, opened: Opened): Composed {
  const bus = createLinkedBus(localBus(base));
  const verifier = createVerifier(base);
  const machines = machineService(base, bus);
  const gateway = createGateway({
    ...base,
    ...base.config,
    door: createVouchedDoor({ ...base, verifier, recognize: createRecognize(base.store) }),
    handlers: { ...systemHandlers(base, () => true), ...machines.handlers },
    upstream: null,
    internal: [busRoute({ ...base, bus, verifier })],
    bus,
  });
  opened.use(gateway);
  opened.use(machines);
  opened.use(collecting(base, machines));
  return { gateway, bus };
}

function localBus({ log }: Base): Bus {
  return createInProcessBus((error, topic) => log.error({ err: error, topic }, 'a subscriber failed'));
}

function tokensOf(base: Base): Tokens {
  return createTokens({ ...base, lifetimeS: base.config.tokenLifetimeS });
}

/** The way in for people and agents. */
function frontDoor(base: Base, tokens: Tokens): Door {
  return createFrontDoor({
    border: createBorder(base.config),
    limits: createRateLimits(base.rates, base.now),
    identify: createIdentify({ ...base, tokens: rememberChecked(tokens, base.now) }),
    isStopping: base.isStopping,
  });
}

function authService(base: Base, bus: Bus, tokens: Tokens): ServiceHandlers<'auth'> {
  const passwords = createPasswords(base.passwords, base.secret);
  const auth = createAuthService({
    ...base,
    ...waysIn(base.config, base.log),
    checkpoints: createCheckpointKey(base.secret),
    publicUrl: base.config.publicUrl,
    bus,
    tokens,
    passwords,
    codes: createCodes(base.secret),
    evenOut: createEvenOut({ monotonic: base.monotonic, wait, everyMs: base.refusedEveryMs }),
  });
  return { ...auth, documents: createDocumentHandlers(base.version) };
}

function machineService(base: Base, bus: Bus): MachineService {
  return createMachineService({
    ...base,
    bus,
    registry: base.metrics.registry,
    publicUrl: base.config.publicUrl,
    settings: base.machines,
    files: uploadFiles(base),
    agent: { file: base.agentFile, version: base.version },
    recordings: {
      folder: recordingsFolder(base.config.dataFolder),
      isOn: base.config.records,
      disk: base.disk,
    },
  });
}

function uploadFiles({ config }: Base): UploadFiles {
  return createUploadFiles(join(config.dataFolder, 'uploads'));
}

/** Where the files are: in the folder of the machine service. */
function collecting(base: Base, { removeRecordings }: MachineService): AsyncDisposable {
  const files = uploadFiles(base);
  const { recordingDays } = base.config;
  const collect = async (): Promise<void> => void (await collectUploads({ ...base, files }));
  const folder = recordingsFolder(base.config.dataFolder);
  const reconcilers: Reconciler[] = [
    { name: 'unused uploads', everyMs: COLLECTED_EACH_MS, run: collect },
    {
      name: 'stray recordings',
      everyMs: COLLECTED_EACH_MS,
      run: (signal) => collectRecordings({ ...base, folder }, signal),
    },
  ];
  if (recordingDays !== null) {
    const parts = { ...base, remove: removeRecordings };
    const run: Reconciler['run'] = (signal) => removeOldRecordings(parts, recordingDays, signal);
    reconcilers.push({ name: 'old recordings', everyMs: COLLECTED_EACH_MS, run });
  }
  return startReconcilers(reconcilers, { ...base, holder: base.newUuid() });
}

function reconciling(base: Base, bus: Bus): AsyncDisposable {
  const checkpoints = createCheckpointKey(base.secret);
  return createReconciling({ ...base, bus, checkpoints, auditDays: base.config.auditDays, settings: base.machines });
}

function systemHandlers(base: Base, isLinked: () => boolean): ServiceHandlers<'each'> {
  return { system: createSystemHandlers({ ...base, registry: base.metrics.registry, isLinked }) };
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
