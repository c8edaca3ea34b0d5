/** The guide to the API, followed as it is written. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startBackend } from './backend.ts';

const run = promisify(execFile);
const guide = path.resolve(import.meta.dirname, '../../docs/api.md');
const WRITTEN = 'http://127.0.0.1:8080';

it('every command of docs/api.md does what the guide says', async () => {
  await using backend = await startBackend({ agentFile: import.meta.filename });
  const blocks = [...(await readFile(guide, 'utf8')).matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
  expect(blocks.length).toBeGreaterThan(8);
  const script = blocks.join('\n').replaceAll(WRITTEN, backend.url);
  const folder = await mkdtemp(path.join(tmpdir(), 'webxterm-guide-'));
  try {
    const ran = await run('bash', ['-euxo', 'pipefail', '-c', script], { cwd: folder });
    expect(ran.stdout).toContain('behind the load balancer');
    expect(await readFile(path.join(folder, 'audit.csv'), 'utf8')).toContain('access_revoked');
  } finally {
    await rm(folder, { recursive: true });
  }
});
