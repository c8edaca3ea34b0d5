/** A machine of a backend under test that is this computer: its real agent, configured, online, and gone with the test. */
import { userInfo } from 'node:os';
import { vi } from 'vitest';
import { machines } from '../../protocol/api/machines.ts';
import { newFolder, runAgent, type AgentRun } from './agent-process.ts';
import type { Backend } from './backend.ts';
import { aMachine, type Person } from './people.ts';

export interface MachineHere extends AsyncDisposable {
  readonly agentId: string;
  /** The process of the moment. */
  readonly agent: AgentRun;
  /** Ends it with a signal and starts another. */
  restart(signal: NodeJS.Signals): Promise<void>;
}

interface Options {
  /** Where its agent dials; the backend itself when not given. */
  readonly host?: string;
  /** Of `configure`; by default shells of whom runs the test, with all that person may do. */
  readonly options?: readonly string[];
}

export async function aMachineHere(backend: Backend, owner: Person, how: Options = {}): Promise<MachineHere> {
  const { agentId, registrationToken } = await aMachine(backend, owner);
  const folder = newFolder();
  const options = how.options ?? ['--linux-user', userInfo().username, '--allow-sudo'];
  const configured = await runAgent(
    ['configure', '--config', folder.path, '--host', how.host ?? backend.url, '--token', '-', ...options],
    { input: registrationToken },
  );
  const { code, err } = await configured.ended;
  if (code !== 0) throw new Error(`the agent was not configured: ${err}`);
  const start = async (): Promise<AgentRun> => {
    const run = await runAgent(['start', '--config', folder.path]);
    await vi.waitFor(
      async () => {
        const answer = await backend.request('GET', `/api/machines/${agentId}`, { token: owner.token });
        const { status } = machines.get.answer[200].parse(answer.body).machine;
        if (status !== 'online') throw new Error(`the machine is ${status}: ${run.err()}`);
      },
      { timeout: 15_000, interval: 50 },
    );
    return run;
  };
  let agent = await start();
  return {
    agentId,
    get agent() {
      return agent;
    },
    async restart(signal) {
      agent.child.kill(signal);
      await agent.ended;
      agent = await start();
    },
    async [Symbol.asyncDispose]() {
      agent.child.kill('SIGTERM');
      await agent.ended;
      folder[Symbol.dispose]();
    },
  };
}
