import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { choosePort } from './ports.mjs';

/** @type {import('node:net').Server[]} */
const servers = [];
const free = async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
};
afterEach(free);

/** @param {number} wish 0 for any */
async function take(wish) {
  const server = createServer().listen(wish, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
const silent = () => {};

describe('the server’s port', () => {
  it('is the one that was asked for, or one from before, where it is free', async () => {
    const port = await take(0);
    await free();
    expect(await choosePort({ asked: port, known: 1, say: silent })).toBe(port);
    expect(await choosePort({ asked: null, known: port, say: silent })).toBe(port);
  });

  it('that was asked for is taken: a sentence with what to do', async () => {
    const taken = await take(0);
    await expect(choosePort({ asked: taken, known: null, say: silent })).rejects.toThrow(
      `Port ${taken} is taken by another program. Choose another with --port`,
    );
  });

  it('of before is taken: it is not changed silently, for sign-in and agent know it', async () => {
    const taken = await take(0);
    await expect(choosePort({ asked: null, known: taken, say: silent })).rejects.toThrow(
      /know the server, is taken by another program\. End that program, or move the server with --port/u,
    );
  });

  it('is the next free one the first time, which is said', async () => {
    await take(8080).catch(() => 'another program has it');
    /** @type {string[]} */
    const said = [];
    const port = await choosePort({ asked: null, known: null, say: (line) => said.push(line) });
    expect(port).toBeGreaterThan(8080);
    expect(said).toEqual([`Port 8080 is taken by another program; the server gets ${port}.`]);
  });
});
