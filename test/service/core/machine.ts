/** A machine of a test: the real agent, whose shells are of an account of their own as root, else of the person who runs the test. */
import { createShellAccount } from '../../e2e/product/account.ts';
import { startMachine as joinMachine } from '../../e2e/product/machine.ts';

export interface Machine extends AsyncDisposable {
  /** A folder of the machine that its shells can write in. */
  readonly folder: string;
}
/** An agent of root opens shells only for a named user. */
export const shellUser: readonly string[] = process.getuid?.() === 0 ? ['--linux-user', 'root'] : [];

/** Joins with a registration token and waits until the agent is online. */
export async function startMachine(url: string, registrationToken: string): Promise<Machine> {
  const account = await createShellAccount();
  const machine = await joinMachine({ url, registrationToken }, account);
  return {
    folder: machine.home,
    async [Symbol.asyncDispose]() {
      await machine[Symbol.asyncDispose]();
      await account[Symbol.asyncDispose]();
    },
  };
}
