import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { claimProfile, type InstanceRequest } from './single-instance.ts';

let profile = '';
beforeEach(async () => {
  profile = await mkdtemp(path.join(tmpdir(), 'webxterm-profile-'));
});
afterEach(() => rm(profile, { recursive: true }));

const nothing = () => Promise.resolve({ said: '' });
const address = () => path.join(profile, 'desktop.sock');

async function claimFirst(serve: (wish: InstanceRequest) => Promise<{ said: string }> = nothing) {
  const instance = await claimProfile(profile, { open: 'window' }, serve);
  if (!instance.first) throw new Error('not the first');
  return instance;
}

describe.skipIf(process.platform === 'win32')('one desktop per profile', () => {
  it('hands the wish of a second one over to the first (elsewhere: lost when the app already runs)', async () => {
    const serve = vi.fn((wish: InstanceRequest) => Promise.resolve({ said: `opened a ${wish.open}` }));
    await using first = await claimFirst(serve);
    expect(first.first).toBe(true);
    const second = await claimProfile(profile, { open: 'launcher' }, nothing);
    expect(second).toEqual({ first: false, answer: { said: 'opened a launcher' } });
    expect(serve).toHaveBeenCalledOnce();
  });

  it('lets one win when several start at the same time', async () => {
    const all = await Promise.all(
      Array.from({ length: 5 }, () =>
        claimProfile(profile, { open: 'window' }, () => Promise.resolve({ said: 'here' })),
      ),
    );
    const firsts = all.filter((instance) => instance.first);
    expect(firsts).toHaveLength(1);
    await Promise.all(firsts.map((instance) => instance[Symbol.asyncDispose]()));
  });

  it('takes over from one that was killed', async () => {
    const program = path.join(profile, 'listen.mjs');
    await writeFile(
      program,
      `import { createServer } from 'node:net'; createServer().listen(${JSON.stringify(address())}, () => process.send(1));`,
    );
    const other = fork(program);
    await once(other, 'message');
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect((await stat(address())).isSocket()).toBe(true);
    await using instance = await claimFirst();
    expect(instance.first).toBe(true);
  });

  it('keeps its socket to its person, and leaves none behind', async () => {
    const first = await claimFirst();
    expect((await stat(address())).mode & 0o777).toBe(0o600);
    await first[Symbol.asyncDispose]();
    await expect(stat(address())).rejects.toThrow('ENOENT');
    await using next = await claimFirst();
    expect(next.first).toBe(true);
  });

  it.each(['nonsense\n', '{"open":"door"}\n', 'x'.repeat(10_000)])('gives no answer to %.20j', async (message) => {
    const serve = vi.fn(nothing);
    await using first = await claimFirst(serve);
    expect(first.first).toBe(true);
    const socket = createConnection(address());
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.on('error', () => {});
    socket.write(message);
    await once(socket, 'close');
    expect(answer).toBe('');
    expect(serve).not.toHaveBeenCalled();
  });

  it('says so when the one that runs gives no answer', async () => {
    const deaf = createServer((socket) => socket.destroy());
    deaf.listen(address());
    await once(deaf, 'listening');
    await expect(claimProfile(profile, { open: 'window' }, nothing)).rejects.toThrow(/no answer|ECONNRESET|EPIPE/u);
    deaf.close();
  });

  it('says so when the profile’s path is too long for a socket', async () => {
    const long = path.join(profile, 'p'.repeat(120));
    await expect(claimProfile(long, { open: 'window' }, nothing)).rejects.toThrow(
      'Choose a shorter one with --profile',
    );
  });
});
