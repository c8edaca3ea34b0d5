/** Signals for what runs in a terminal: the shell's own process group and the one in the foreground. */
import { readFile } from 'node:fs/promises';
import process from 'node:process';

/** What was killed may take so long to be gone. What still is there then is not waited for. Milliseconds. */
export const DYING_MS = 1000;

/** Whom a signal found. `forbidden`: only what is another user's, as root's by `sudo`. */
export type Found = 'somebody' | 'forbidden' | 'nobody';

/**
 * Signals the process group of that leader; one that has only just been started is not its leader yet. One that is gone needs
 * no signal, and one of another user cannot have it: its hang-up comes when the terminal closes.
 */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  if (signalMembers(leader, signal) === 'nobody') send(leader, signal);
}

/** Whoever is left in the group of a leader that may be gone itself. With `somebody`, some may be there that it could not reach. */
export function signalMembers(leader: number, signal: NodeJS.Signals): Found {
  return send(-leader, signal);
}

function send(target: number, signal: NodeJS.Signals): Found {
  try {
    process.kill(target, signal);
    return 'somebody';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? 'forbidden' : 'nobody';
  }
}

/** Kills the shell and the job in front of it. What was put in the background with `nohup` is meant to stay, as with ssh. */
export async function killGroups(shell: number): Promise<void> {
  const foreground = foregroundGroup(await readFile(`/proc/${shell}/stat`, 'utf8').catch(() => ''));
  signalGroup(shell, 'SIGKILL');
  if (foreground !== null && foreground !== shell) signalGroup(foreground, 'SIGKILL');
}

/** `tpgid` of proc(5). The command's name stands in parentheses and may hold anything, so fields count from the last one. */
export function foregroundGroup(stat: string): number | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const group = Number(fields[5]);
  return Number.isInteger(group) && group > 1 ? group : null;
}
