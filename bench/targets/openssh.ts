/** What people use instead: OpenSSH, to a throwaway sshd on loopback. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { createChunks } from '../chunks.ts';
import { freePort } from '../free-port.ts';
import { end, run } from '../processes.ts';
import { SHELL, SIZE, type Shell, type Target } from '../shell.ts';

interface Server {
  readonly folder: string;
  readonly port: number;
}

export async function openssh(): Promise<Target> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-ssh-'));
  const server: Server = { folder, port: await freePort() };
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, 'host')]);
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, 'client')]);
  await writeFile(path.join(folder, 'sshd_config'), configuration(server));
  await mkdir('/run/sshd', { recursive: true }).catch(() => {});
  const daemon = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', path.join(folder, 'sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await once(daemon.stderr, 'data'); // "Server listening on …"
  daemon.stderr.resume();
  return {
    name: 'OpenSSH',
    open: () => openShell(server),
    pids: daemon.pid === undefined ? [] : [daemon.pid],
    [Symbol.asyncDispose]: async () => {
      await end(daemon);
      await rm(folder, { recursive: true });
    },
  };
}

function configuration({ folder, port }: Server): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${folder}/host`,
    `AuthorizedKeysFile ${folder}/client.pub`,
    `PidFile ${folder}/pid`,
    'StrictModes no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'UsePAM no',
    'PrintMotd no',
    'MaxSessions 100',
    '',
  ].join('\n');
}

/** The client has no terminal of its own here, so the far side is told its size in the shell. */
function openShell({ folder, port }: Server): Promise<Shell> {
  const options = ['UserKnownHostsFile=/dev/null', 'StrictHostKeyChecking=no', 'LogLevel=ERROR', 'ControlPath=none'];
  const child = spawn(
    'ssh',
    [
      ...options.flatMap((option) => ['-o', option]),
      '-tt',
      '-p',
      String(port),
      '-i',
      path.join(folder, 'client'),
      `${userInfo().username}@127.0.0.1`,
      `stty cols ${SIZE.cols} rows ${SIZE.rows}; exec ${SHELL.join(' ')}`,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const chunks = createChunks({ pause: () => child.stdout.pause(), resume: () => child.stdout.resume() });
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.take(chunk);
  });
  return Promise.resolve({
    write: (text) => {
      child.stdin.write(text);
    },
    consume: chunks.consume,
    [Symbol.asyncDispose]: () => end(child),
  });
}
