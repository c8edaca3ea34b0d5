/** Our whole chain: agent, backend, and the desktop's core up to the border of the window; each program as it is shipped. */
import { createDesktop } from '../../main/core/desktop.ts';
import type { Host } from '../../main/host/host.ts';
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import type { Result } from '../../protocol/bridge/failure.ts';
import { createWindowBridge } from '../../renderer/app/bridge/window-bridge.ts';
import { createShellAccount } from '../../test/e2e/product/account.ts';
import type { Reached } from '../../test/e2e/product/backend.ts';
import { makeFolder } from '../../test/e2e/product/folder.ts';
import { startMachine } from '../../test/e2e/product/machine.ts';
import { SIZE, type Target } from '../shell.ts';
import { createCarrier } from './chain/carrier.ts';
import { openShell } from './chain/window.ts';

export interface Chain extends Target {
  readonly backendPids: readonly number[];
  readonly agentPid: number;
}

/** `start`: the backend as one process, or as two. */
export async function chain(name: string, start: () => Promise<Reached>): Promise<Chain> {
  const profile = await makeFolder('bench-profile');
  const backend = await start();
  const account = await createShellAccount();
  const machine = await startMachine(backend, account);
  const desktop = createDesktop(hostOf(profile.path), { env: process.env });
  const bridge = createWindowBridge(createCarrier(desktop.connectWindow));
  const signIn = valueOf(await bridge.call('accounts.sign-in', { address: backend.url, ...backend.admin }));
  if (signIn.at !== 'signed-in') throw new Error(`not signed in yet: ${signIn.at}`);
  const agentId = await firstMachine(bridge);
  return {
    name,
    open: async () => {
      const { terminal } = valueOf(
        await bridge.call('terminals.open', { account: signIn.account, agent_id: agentId, ...SIZE }),
      );
      return openShell(bridge, terminal);
    },
    pids: [...backend.pids(), machine.pid],
    backendPids: backend.pids(),
    agentPid: machine.pid,
    [Symbol.asyncDispose]: async () => {
      await desktop[Symbol.asyncDispose]();
      await machine[Symbol.asyncDispose]();
      await account[Symbol.asyncDispose]();
      await backend[Symbol.asyncDispose]();
      await profile[Symbol.asyncDispose]();
    },
  };
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

function firstMachine(bridge: Bridge): Promise<string> {
  return new Promise((resolve) => {
    const stop = bridge.on('machines.changed', ({ changed }) => {
      const online = changed.find((machine) => machine.status === 'online');
      if (online === undefined) return;
      stop();
      resolve(online.agent_id);
    });
  });
}

/** A host without a window: the benchmark is the window. */
function hostOf(profile: string): Host {
  return {
    profile,
    version: '0.0.0',
    openLink: () => Promise.resolve(),
    notify: () => {},
    readClipboard: () => Promise.resolve(null),
    startAgent: () => {
      throw new Error('the benchmark starts its agent itself');
    },
    onWake: () => {},
  };
}
