/** Composition root of the desktop: builds every part of the core on a host, and takes it down again. */
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname, release } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { backoff } from '../../protocol/wire/backoff.ts';
import type { Moment } from '../../protocol/wire/moment.ts';
import type { ConnectWindow, Host } from '../host/host.ts';
import { createAccounts } from './accounts/accounts.ts';
import { createSignIns } from './accounts/sign-ins.ts';
import { createActions } from './actions.ts';
import { connectTo } from './api/client.ts';
import { createDial } from './api/socket.ts';
import { createBridge } from './bridge.ts';
import { createCalls } from './calls.ts';
import { openLog } from './log/log.ts';
import { createListCache } from './machines/list-cache.ts';
import { openNetwork } from './network/network.ts';
import { createPeerCheck } from './network/peer-owner.ts';
import type { Environment } from './network/proxy.ts';
import { createNotices } from './notices.ts';
import { createPreferences } from './settings/preferences.ts';
import { openProfileFile } from './settings/profile-file.ts';
import { createSources } from './sources.ts';
import { createDialects } from './terminals/dialects.ts';
import { createTerminals } from './terminals/terminals.ts';
import { openKeychain, type Keychain } from './vault/keychain.ts';
import { createVault } from './vault/vault.ts';
import { openAgentFolder } from './workstation/agent-folder.ts';
import { createOtherAgent } from './workstation/other-agent.ts';
import { createWorkstation } from './workstation/workstation.ts';

export interface Desktop extends AsyncDisposable {
  readonly connectWindow: ConnectWindow;
  /** A menu, the tray or a link was used: every window is asked for it. */
  requestAction(action: string): void;
}
/** What surrounds the desktop; a test holds what it needs of it. */
export interface Surroundings {
  readonly env: Environment;
  readonly platform?: NodeJS.Platform;
  readonly keychain?: Keychain;
  readonly now?: () => number;
  readonly random?: () => number;
  readonly moment?: () => Moment;
  /** For an answer of a server. */
  readonly callTimeoutMs?: number;
  /** In which a closed terminal can be taken back. */
  readonly undoMs?: number;
}

const SERVICE = 'webxterm-desktop';
const CALL_TIMEOUT_MS = 20_000;
const UNDO_MS = 10_000;

export function createDesktop(host: Host, surroundings: Surroundings): Desktop {
  const { env, platform = process.platform, now = Date.now, random = Math.random } = surroundings;
  const timeoutMs = surroundings.callTimeoutMs ?? CALL_TIMEOUT_MS;
  const moment = surroundings.moment ?? (() => ({ monotonic: performance.now(), wall: Date.now() }));
  const stop = new AbortController();
  const log = openLog(host.profile, now);
  const notices = createNotices();
  const actions = createActions();
  const file = openProfileFile({ profile: host.profile, notices, log, now });
  const preferences = createPreferences(file);
  const { settings } = preferences;
  const network = openNetwork({ settings, env, platform, notices, log, systemProxy: host.systemProxy }, stop.signal);
  const vault = createVault({ keychain: surroundings.keychain ?? openKeychain(SERVICE), notices, log });
  const outward = { network, version: host.version, now };
  const shared = {
    file,
    notices,
    log,
    now,
    random,
    dial: createDial({ ...outward, monotonic: () => moment().monotonic }),
    backoff: (attempt: number) => backoff(attempt, random),
  };
  const connect = (address: string) => connectTo(address, { ...outward, timeoutMs });
  const accounts = createAccounts({
    ...shared,
    vault,
    cache: createListCache(host.profile, log),
    firstAddress: env['WEBXTERM_SERVER'] ?? '',
    connect,
  });
  const signIns = createSignIns({
    accounts,
    connect,
    openLink: (url) => host.openLink(url),
    isOwnPeer: createPeerCheck({
      uid: process.getuid?.(),
      release: release(),
      readTable: (table) => readFile(table, 'latin1'),
    }),
    now,
    newId: randomUUID,
    newSecret: () => randomBytes(32).toString('base64url'),
  });
  const terminals = createTerminals({
    ...shared,
    accounts,
    moment,
    dialects: createDialects({ file, notices }),
    newId: randomUUID,
    undoMs: surroundings.undoMs ?? UNDO_MS,
  });
  const other = createOtherAgent(platform);
  const workstation = createWorkstation({
    ...shared,
    host,
    accounts,
    preferences,
    other,
    folder: openAgentFolder({ path: join(host.profile, 'agent'), isAlive: (pid) => other.isAlive(pid), log }),
    isOwnSession: (id) => terminals.list.value.some((terminal) => terminal.session_id === id),
  });
  const told = { accounts, signIns, terminals, workstation, preferences, notices, actions };
  const computer = { version: host.version, platform: platformName(platform), computer: hostname() };
  const connectWindow = createBridge({
    calls: createCalls({ ...told, host, computer, file }),
    sources: createSources(told),
    openTerminal: (terminal, port) => terminals.openPort(terminal, port),
    log,
    newId: randomUUID,
  });

  const reconnect = (): void => {
    accounts.wake();
    terminals.wake();
    workstation.wake();
  };
  host.onWake(() => {
    log.info('woke up, or the network changed');
    reconnect();
  }, stop.signal);
  let route = settings.value.network;
  settings.watch((next) => {
    if (next.network === route) return;
    route = next.network;
    reconnect();
  }, stop.signal);
  log.info({ version: host.version, platform }, 'desktop started');

  return {
    connectWindow,
    requestAction: (action) => actions.request(action),
    async [Symbol.asyncDispose]() {
      stop.abort();
      signIns[Symbol.dispose]();
      await terminals[Symbol.asyncDispose]();
      await workstation[Symbol.asyncDispose]();
      await accounts[Symbol.asyncDispose]();
      await file[Symbol.asyncDispose]();
      log[Symbol.dispose]();
    },
  };
}

function platformName(platform: NodeJS.Platform): 'linux' | 'macos' | 'windows' | 'other' {
  if (platform === 'darwin') return 'macos';
  if (platform === 'win32') return 'windows';
  return platform === 'linux' ? 'linux' : 'other';
}
