/**
 * One desktop per profile. The first listens on a socket in the profile that only its owner can open (0600 in a 0700 folder; on
 * Windows a pipe); a later one finds it there, asks it for a window, and ends.
 */
import { createHash } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import { z } from 'zod';

/** `launcher`: do not open a browser, only make the file that opens the window. */
const request = z.object({ open: z.enum(['window', 'launcher']) });
export type InstanceRequest = z.infer<typeof request>;

/** What became of it: an address with a launcher's path, or a word for the person. */
const answer = z.object({ said: z.string().max(4096) });
export type InstanceAnswer = z.infer<typeof answer>;

export type Instance =
  | ({ readonly first: true } & AsyncDisposable)
  /** Another runs already, and answered. */
  | { readonly first: false; readonly answer: InstanceAnswer };

/** Longest path of a socket on Linux and macOS, with the byte that ends it. */
const longestSocketPath = 103;
const longestLine = 8192;
const patienceMs = 5000;

/**
 * @param profile a folder that is there
 * @param serve what a later desktop asks of this one
 */
export async function claimProfile(profile: string, wish: InstanceRequest, serve: Serve): Promise<Instance> {
  const address = socketOf(profile);
  // Two that start at the same time must not both find the socket of one that died, and both take its place.
  const unlock = await lockfile.lock(profile, {
    lockfilePath: path.join(profile, 'starting.lock'),
    stale: 5000,
    retries: { retries: 50, minTimeout: 50, maxTimeout: 200 },
  });
  try {
    const answered = await ask(address, wish);
    if (answered) return { first: false, answer: answered };
    if (process.platform !== 'win32') await rm(address, { force: true });
    return { first: true, ...(await listen(address, serve)) };
  } finally {
    await unlock();
  }
}

function socketOf(profile: string): string {
  const whole = path.resolve(profile);
  if (process.platform === 'win32')
    return `\\\\.\\pipe\\webxterm-desktop-${createHash('sha256').update(whole.toLowerCase()).digest('hex').slice(0, 32)}`;
  const address = path.join(whole, 'desktop.sock');
  if (Buffer.byteLength(address) > longestSocketPath)
    throw new Error(`The path of the profile is too long: ${whole}. Choose a shorter one with --profile.`);
  return address;
}

/** @returns null when nobody listens there */
async function ask(address: string, wish: InstanceRequest): Promise<InstanceAnswer | null> {
  const socket = createConnection(address);
  socket.setTimeout(patienceMs, () => socket.destroy(new Error('The desktop that runs already does not answer.')));
  const connected = await new Promise<boolean>((resolve, reject) => {
    socket.once('connect', () => {
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(false);
      else reject(error);
    });
  });
  if (!connected) return null;
  socket.write(`${JSON.stringify(wish)}\n`);
  return answer.parse(JSON.parse(await firstLine(socket)));
}

type Serve = (request: InstanceRequest) => Promise<InstanceAnswer>;

async function listen(address: string, serve: Serve): Promise<AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    void reply(socket, serve);
  });
  server.maxConnections = 16;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  if (process.platform !== 'win32') await chmod(address, 0o600);
  return {
    [Symbol.asyncDispose]: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

async function reply(socket: Socket, serve: Serve): Promise<void> {
  try {
    const wish = request.parse(JSON.parse(await firstLine(socket)));
    socket.end(`${JSON.stringify(await serve(wish))}\n`);
  } catch {
    // Not one of ours, or it could not be served: no answer, which the other one says.
    socket.destroy();
  }
}

function firstLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      received += String(chunk);
      const end = received.indexOf('\n');
      if (end >= 0) resolve(received.slice(0, end));
      else if (received.length > longestLine) reject(new Error('A line that is too long.'));
    });
    socket.once('close', () => {
      reject(new Error('The desktop that runs already gave no answer.'));
    });
    socket.once('error', reject);
  });
}
