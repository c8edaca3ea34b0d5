/** This computer as a machine of the backend, by an agent of the test's own. */
import { asAccount, type ShellAccount } from './account.ts';
import type { Reached } from './backend.ts';
import { makeFolder } from './folder.ts';
import { runProgram, startProgram, type Program } from './program.ts';

export interface Machine extends AsyncDisposable {
  /** Where its shells begin. */
  readonly home: string;
  readonly pid: number;
  readonly output: () => string;
}

/** Joins with the backend's registration token and waits until the agent is online. */
export async function startMachine(
  backend: Pick<Reached, 'url' | 'registrationToken'>,
  account: ShellAccount,
): Promise<Machine> {
  const folder = await makeFolder('agent');
  const args = ['--config', folder.path];
  await runProgram('webxterm-agent', {
    args: ['configure', '--host', backend.url, '--token', '-', '--allow-sudo', ...asAccount(account), ...args],
    input: `${backend.registrationToken}\n`,
  });
  const agent: Program = startProgram('webxterm-agent', { args: ['start', ...args], env: { HOME: account.home } });
  await agent.line(/online/iu);
  return {
    home: account.home,
    pid: agent.pid,
    output: agent.output,
    [Symbol.asyncDispose]: async () => {
      await agent[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
