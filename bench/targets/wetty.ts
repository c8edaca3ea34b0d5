/** What people use instead: wetty, a PTY in a browser over socket.io. Installed for the benchmark alone, outside the project. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { createChunks } from '../chunks.ts';
import { freePort } from '../free-port.ts';
import { end, run } from '../processes.ts';
import { SHELL, SIZE, type Shell, type Target } from '../shell.ts';

const VERSION = '3.2.0';
/** The page tells the server what it drew in pieces of this many characters. */
const COMMIT = 262_144;

interface Socket {
  emit(name: string, value: unknown): void;
  on(name: string, listener: (value: unknown) => void): void;
  disconnect(): void;
}
type Connect = (url: string, options: object) => Socket;
const client = z.custom<Connect>((value) => typeof value === 'function');

/** `cache`: a folder that keeps the installed package between runs. Needs root, or wetty asks for a login. */
export async function wetty(cache: string): Promise<Target> {
  const folder = path.join(cache, `wetty-${VERSION}`);
  await install(folder);
  const port = await freePort();
  const program = path.join(folder, 'node_modules/wetty/build/main.js');
  const args = ['--host', '127.0.0.1', '--port', String(port), '--base', '/', '--command', SHELL.join(' ')];
  const server = spawn(process.execPath, [program, ...args, '--log-level', 'error'], { stdio: 'ignore' });
  const io = client.parse(createRequire(path.join(folder, 'package.json'))('socket.io-client'));
  await answering(`http://127.0.0.1:${port}/`);
  return {
    name: 'wetty',
    open: () => openShell(io, port),
    pids: server.pid === undefined ? [] : [server.pid],
    [Symbol.asyncDispose]: () => end(server),
  };
}

async function install(folder: string): Promise<void> {
  if (existsSync(path.join(folder, 'node_modules/wetty'))) return;
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{"private":true}\n');
  await run('npm', ['install', '--no-fund', '--no-audit', `wetty@${VERSION}`], { cwd: folder });
}

function openShell(io: Connect, port: number): Promise<Shell> {
  const socket = io(`http://127.0.0.1:${port}`, { path: '/socket.io', transports: ['websocket'] });
  let uncommitted = 0;
  // The page acknowledges what the terminal drew; so does this one, after the consumer is done.
  const chunks = createChunks({ pause: () => {}, resume: () => {} });
  const commit = (length: number): void => {
    uncommitted += length;
    for (; uncommitted >= COMMIT; uncommitted -= COMMIT) socket.emit('commit', COMMIT);
  };
  socket.on('data', (data) => {
    chunks.take(Buffer.from(z.string().parse(data)));
  });
  return new Promise((resolve) => {
    socket.on('login', () => {
      socket.emit('resize', SIZE);
      resolve({
        write: (text) => {
          socket.emit('input', text);
        },
        consume: (consumer) => {
          chunks.consume(async (chunk) => {
            await consumer(chunk);
            commit(chunk.length);
          });
        },
        [Symbol.asyncDispose]: () => {
          socket.disconnect();
          return Promise.resolve();
        },
      });
    });
  });
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    if (tries > 100) throw new Error('wetty does not answer');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
