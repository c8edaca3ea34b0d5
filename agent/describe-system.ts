/** The operating system in the words people know it by. */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { parseAssignments } from './sessions/environment.ts';

export async function describeSystem(platform: NodeJS.Platform): Promise<string> {
  return (await nameOf(platform)).slice(0, 128);
}

async function nameOf(platform: NodeJS.Platform): Promise<string> {
  if (platform === 'darwin') return `macOS (Darwin ${os.release()})`;
  if (platform === 'win32') return os.version();
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return parseAssignments(release)['PRETTY_NAME'] ?? `${os.type()} ${os.release()}`;
}
