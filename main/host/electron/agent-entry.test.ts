import { fork } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'webxterm-agent-entry-'));
  await mkdir(path.join(folder, 'electron'));
  await build({
    entryPoints: [path.join(import.meta.dirname, 'agent-entry.ts')],
    outfile: path.join(folder, 'electron/agent.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  // Where a utility process has its parent port, a child of Node has its channel; what comes by that is wrapped, to be told apart.
  await writeFile(
    path.join(folder, 'parent-port.mjs'),
    `import { EventEmitter } from 'node:events';
     const port = new EventEmitter();
     const send = process.send.bind(process);
     process.parentPort = Object.assign(port, { postMessage: (message) => send(message) });
     // Messages wait for the first listener, as in a utility process.
     port.once('newListener', () => {
       process.on('message', ({ wrapped }) => { if (wrapped) port.emit('message', { data: wrapped }); });
     });
     delete process.send;`,
  );
  await writeFile(
    path.join(folder, 'webxterm-agent.js'),
    `const { text } = await import('node:stream/consumers');
     process.send({ input: await text(process.stdin), args: process.argv.slice(2) });
     process.exitCode = await new Promise((resolve) => {
       process.on('message', ({ type }) => { if (type === 'stop') resolve(7); });
     });`,
  );
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
});
afterAll(() => rm(folder, { recursive: true }));

it.each(['vsay_rt_secret', ''])(
  'the agent finds its input %j, its parent and its end, as in a plain Node',
  async (input) => {
    const utility = fork(path.join(folder, 'electron/agent.mjs'), ['start', '--config', 'x'], {
      execArgv: ['--import', path.join(folder, 'parent-port.mjs')],
    });
    const said: unknown[] = [];
    const exited = new Promise((resolve) => {
      utility.once('exit', resolve);
    });
    utility.on('message', (message) => {
      said.push(message);
      utility.send({ wrapped: { type: 'stop' } });
    });
    utility.send({ wrapped: { type: 'input', input } });
    expect(await exited).toBe(7);
    expect(said).toEqual([{ input, args: ['start', '--config', 'x'] }]);
  },
);
