/** The vault on a real Secret Service, used by one process after another, as the desktop is started again and again. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startKeyring, type Keyring } from '../e2e/product/keyring.ts';

const root = join(import.meta.dirname, '../..');
/** Among the packages, where it finds them. */
const probe = join(root, `node_modules/.cache/vault-probe-${process.pid}.mjs`);
const said = z.object({ value: z.string().nullable(), notices: z.array(z.string()) });
const run = promisify(execFile);

async function ask(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<z.infer<typeof said>> {
  const { stdout } = await run(process.execPath, [probe, ...args], {
    env: { ...process.env, ...env },
    timeout: 20_000,
  });
  return said.parse(JSON.parse(stdout));
}

beforeAll(async () => {
  await build({
    entryPoints: [join(root, 'test/service/core/vault-probe.ts')],
    outfile: probe,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
});
afterAll(async () => {
  await rm(probe, { force: true });
});

describe.runIf(process.platform === 'linux')('on a Secret Service', () => {
  let keyring: Keyring;
  beforeAll(async () => {
    keyring = await startKeyring();
  });
  afterAll(async () => {
    await keyring[Symbol.asyncDispose]();
  });

  it('a token outlives the process that kept it, and nobody is bothered', async () => {
    expect(await ask(keyring.env, 'write', 'ada', 'token-1')).toEqual({ value: 'token-1', notices: [] });
    expect(await ask(keyring.env, 'read', 'ada')).toEqual({ value: 'token-1', notices: [] });
  });

  it('a renewed token takes the place of the former', async () => {
    await ask(keyring.env, 'write', 'ben', 'old');
    await ask(keyring.env, 'write', 'ben', 'new');
    expect(await ask(keyring.env, 'read', 'ben')).toEqual({ value: 'new', notices: [] });
  });

  it('a token as long as they get is kept whole', async () => {
    const long = 'x'.repeat(8000);
    await ask(keyring.env, 'write', 'cid', long);
    expect((await ask(keyring.env, 'read', 'cid')).value).toBe(long);
  });

  it('what was forgotten is gone, and forgetting it again is no fault', async () => {
    await ask(keyring.env, 'write', 'dan', 'token');
    await ask(keyring.env, 'forget', 'dan');
    expect(await ask(keyring.env, 'forget', 'dan')).toEqual({ value: null, notices: [] });
  });

  it('it is found by the desktop’s name in the person’s own tools', async () => {
    await ask(keyring.env, 'write', 'eve', 'seen');
    const query = ['lookup', 'service', 'webxterm-desktop', 'username', 'eve'];
    const { stdout } = await run('secret-tool', query, { env: { ...process.env, ...keyring.env }, timeout: 20_000 });
    expect(stdout).toBe('seen');
  });
});

describe.runIf(process.platform === 'linux')('keychain missing on unusual Linux desktops', () => {
  const nowhere = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' };

  it('is told, and the token is kept for as long as the app runs', async () => {
    expect(await ask(nowhere, 'write', 'ada', 'token-1')).toEqual({ value: 'token-1', notices: ['keychain-missing'] });
    expect(await ask(nowhere, 'read', 'ada')).toEqual({ value: null, notices: ['keychain-missing'] });
  });

  it('is no place where a token is left behind: the kernel’s keyring is not used instead', async () => {
    await ask(nowhere, 'write', 'ada', 'token-1');
    const { stdout } = await run('cat', ['/proc/keys']);
    expect(stdout).not.toContain('webxterm-desktop');
  });
});
