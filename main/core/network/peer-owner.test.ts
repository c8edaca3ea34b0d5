import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { release } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPeerCheck } from './peer-owner.ts';

const readTable = (file: string): Promise<string> => readFile(file, 'latin1');
const uid = process.getuid?.();
const check = createPeerCheck({ uid, release: '6.1.0', readTable });

const stays = (host: string) => `require('net').connect(process.argv[1], '${host}'); setTimeout(() => {}, 60000)`;
const hasTables = process.platform === 'linux' && !/microsoft/i.test(release());
describe.runIf(hasTables)('the other end of a connection', () => {
  let server: Server;
  let port = 0;
  beforeEach(async () => {
    server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  });
  afterEach(() => void server.close());

  /** Node at the other end, as somebody else where this process may do that. */
  async function connect(script: string, as?: { uid: number; gid: number }): Promise<Socket> {
    const child = spawn(process.execPath, ['-e', script, String(port)], { ...as, cwd: '/', stdio: 'ignore' });
    const socket = await new Promise<Socket>((resolve) => server.once('connection', resolve));
    socket.on('error', () => undefined).on('close', () => child.kill());
    return socket;
  }
  it.each(['127.0.0.1', '::ffff:127.0.0.1'])('is this person’s own, at %s', async (host) => {
    const socket = await connect(stays(host));
    expect(await check(socket)).toBe(true);
    socket.destroy();
  });

  it.runIf(uid === 0)('is another’s', async () => {
    const socket = await connect(stays('127.0.0.1'), { uid: 65534, gid: 65534 });
    expect(await check(socket)).toBe(false);
    socket.destroy();
  });

  it('is nobody’s once it is closed, though the answer could still be sent', async () => {
    const socket = await connect(`require('net').connect(process.argv[1], '127.0.0.1', () => process.exit())`);
    socket.resume();
    await once(socket, 'end');
    expect(await check(socket)).toBe(false);
    socket.destroy();
  });
});

const ends = { remoteAddress: '127.0.0.1', remotePort: 40_000, localAddress: '127.0.0.1', localPort: 50_000 };
const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
const empty = () => Promise.resolve('  sl  local_address rem_address   st');
describe('where the system tells nothing', () => {
  it.each([
    ['no tables', { uid: 1000, release: '6.1.0', readTable: failing('ENOENT') }, true],
    ['no user ids', { uid: undefined, release: '10.0.22631', readTable: failing('ENOENT') }, true],
    ['a browser outside', { uid: 1000, release: '5.15.153.1-microsoft-standard-WSL2', readTable: empty }, true],
    ['a table without it', { uid: 1000, release: '6.1.0', readTable: empty }, false],
  ])('%s', async (_what, parts, isOwn) => {
    expect(await createPeerCheck(parts)(ends)).toBe(isOwn);
  });

  it('nobody is taken for this person: somebody else may have used up what reading takes', async () => {
    const exhausted = createPeerCheck({ uid: 1000, release: '6.1.0', readTable: failing('EMFILE') });
    await expect(exhausted(ends)).rejects.toThrow('EMFILE');
  });
});
