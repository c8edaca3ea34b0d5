/** This computer as a machine of the backend: an agent of its own, with a home folder of its own. */
import { makeFolder } from './folder.ts';
import { runProgram, startProgram, type Program } from './program.ts';

export interface Machine extends AsyncDisposable {
  readonly home: string;
  readonly pid: number;
  /** Ends the agent as a crash would; its shells go with it. */
  readonly kill: () => Promise<void>;
  readonly output: () => string;
}

/** Joins with a registration token and waits until the agent is online. */
export async function startMachine(url: string, registrationToken: string): Promise<Machine> {
  const home = await makeFolder('machine');
  const args = ['--config', `${home.path}/agent`];
  await runProgram('webxterm-agent', {
    args: ['configure', '--host', url, '--token', '-', '--allow-sudo', ...asRoot(), ...args],
    input: `${registrationToken}\n`,
  });
  const agent: Program = startProgram('webxterm-agent', { args: ['start', ...args], env: { HOME: home.path } });
  await agent.line(/online/iu);
  return {
    home: home.path,
    pid: agent.pid,
    kill: agent.kill,
    output: agent.output,
    [Symbol.asyncDispose]: async () => {
      await agent[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}

/** An agent of root opens shells only for a named user. */
const asRoot = (): readonly string[] => (process.getuid?.() === 0 ? ['--linux-user', 'root'] : []);
