/** A machine of a test: the real agent, as the person who runs the test, with a home folder of its own. */
import { makeFolder } from '../../e2e/product/folder.ts';
import { runProgram, startProgram } from '../../e2e/product/program.ts';

export interface Machine extends AsyncDisposable {
  /** A folder of the machine that its shells can write in. */
  readonly folder: string;
}
/** An agent of root opens shells only for a named user. */
export const shellUser: readonly string[] = process.getuid?.() === 0 ? ['--linux-user', 'root'] : [];

/** Joins with a registration token and waits until the agent is online. */
export async function startMachine(url: string, registrationToken: string): Promise<Machine> {
  const home = await makeFolder('machine');
  const config = ['--config', `${home.path}/agent`];
  await runProgram('webxterm-agent', {
    args: ['configure', '--host', url, '--token', '-', '--allow-sudo', ...shellUser, ...config],
    input: `${registrationToken}\n`,
  });
  const agent = startProgram('webxterm-agent', { args: ['start', ...config], env: { HOME: home.path } });
  await agent.line(/online/iu);
  return {
    folder: home.path,
    async [Symbol.asyncDispose]() {
      await agent[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}
