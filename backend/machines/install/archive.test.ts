import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packAgent, type AgentArchive, type AgentProgram } from './archive.ts';

const packageJson = z.looseObject({ dependencies: z.record(z.string(), z.string()) });
const run = promisify(execFile);

describe('the archive of the agent', () => {
  let folder: string;
  let program: AgentProgram;
  let archive: AgentArchive;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'webxterm-archive-'));
    program = { file: path.join(folder, 'webxterm-agent.js'), version: '1.2.3' };
    await writeFile(program.file, '#!/usr/bin/env node\nconsole.log("agent");\n');
    archive = await packAgent(program);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is the same, to the byte, each time it is packed', async () => {
    await utimes(program.file, 1, 1);
    const again = await packAgent(program);
    expect(again.sha256).toBe(archive.sha256);
    expect(again.bytes.equals(archive.bytes)).toBe(true);
  });

  it('is known by its checksum', () => {
    expect(createHash('sha256').update(archive.bytes).digest('hex')).toBe(archive.sha256);
  });

  it('names the platforms it brings the terminal library for, the own one among them', () => {
    expect(archive.platforms).toContain(`${process.platform}-${process.arch}`);
  });

  it('runs where it is unpacked, without a registry: tar reads it, Node loads its library', async () => {
    const target = path.join(folder, 'unpacked');
    const file = path.join(folder, 'agent.tgz');
    await writeFile(file, archive.bytes);
    await run('mkdir', [target]);
    await run('tar', ['-xzf', file, '-C', target]);
    const { stdout } = await run(process.execPath, ['-p', 'typeof require("@lydell/node-pty").spawn'], { cwd: target });
    expect(stdout.trim()).toBe('function');
    expect((await run(path.join(target, 'webxterm-agent.js'))).stdout).toBe('agent\n');
  });

  it('names the version of its library, for the platform it brings none for', async () => {
    const entries = await unpackTar(gunzipSync(archive.bytes));
    const manifest = entries.find(({ header }) => header.name === 'package.json');
    const described = packageJson.parse(JSON.parse(new TextDecoder().decode(manifest?.data)));
    expect(described).toMatchObject({ name: 'webxterm-agent', version: '1.2.3' });
    expect(described.dependencies['@lydell/node-pty']).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('cannot be packed before the agent is built', async () => {
    await expect(packAgent({ file: path.join(folder, 'nothing.js'), version: '1' })).rejects.toThrow('ENOENT');
  });
});
