/** For what `sudo` started: the agent's own account may not signal it, and may only end it as it was begun. */
import { execFile } from 'node:child_process';
import { trustedEnv } from '../sessions/system.ts';

/** A `sudo` that waits for a directory server is not waited for longer. Milliseconds. */
const SUDO_MS = 3000;

/** True: each process of the group was sent SIGKILL. False: no `sudo`, or none that does this without a password. */
export async function killAsRoot(group: number): Promise<boolean> {
  return new Promise((resolve) => {
    const args = ['-n', 'kill', '-s', 'KILL', '--', `-${group}`];
    execFile('sudo', args, { timeout: SUDO_MS, env: trustedEnv, cwd: '/' }, (error) => resolve(error === null));
  });
}
