/** The configuration: kept whole, and what is damaged is kept aside. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIdentity } from '../identity.ts';
import { loadConfig, saveConfig, type AgentConfig } from './config.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'webxterm-config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const config: AgentConfig = {
  format: 1,
  host: 'https://shell.example.org',
  agent_id: '6f6e4e64-62b5-4f2c-9c38-0d2b6a3a1c11',
  tenant_id: 'acme',
  name: 'box',
  private_key: createIdentity().privateKey,
  linux_user: null,
  allow_sudo: false,
  ca: null,
  insecure: false,
  registered_at: '2026-01-02T03:04:05.000Z',
};
const write = (text: string) => writeFileSync(path.join(folder, 'agent.json'), text);

describe('the configuration', () => {
  it('comes back as it was saved, readable by its owner only', async () => {
    await saveConfig(folder, config);
    expect(await loadConfig(folder, 0)).toEqual({ ok: true, config });
    expect(statSync(path.join(folder, 'agent.json')).mode & 0o777).toBe(0o600);
  });

  it('that is not there says so', async () => {
    expect(await loadConfig(folder, 0)).toMatchObject({ ok: false, code: 'not-configured' });
  });

  it.each([
    ['half a file', '{"format": 1, "host": '],
    ['a missing field', JSON.stringify({ ...config, agent_id: undefined })],
    ['a host with a path', JSON.stringify({ ...config, host: 'https://a.b/c' })],
    ['a key that cannot sign', JSON.stringify({ ...config, private_key: 'AAAA' })],
    ['nothing', ''],
  ])('with %s is kept aside, and the person is told where', async (_what, text) => {
    write(text);
    const loaded = await loadConfig(folder, 0);
    expect(loaded).toMatchObject({ ok: false, code: 'config-corrupt' });
    expect(readdirSync(folder)).toEqual(['agent.json.corrupt-19700101T000000Z']);
    expect(loaded.ok ? '' : loaded.message).toContain('agent.json.corrupt-19700101T000000Z');
  });

  it('of a newer agent is left in its place', async () => {
    write(JSON.stringify({ ...config, format: 2 }));
    expect(await loadConfig(folder, 0)).toMatchObject({ ok: false, code: 'config-newer' });
    expect(readdirSync(folder)).toEqual(['agent.json']);
  });

  it('that is no file says so', async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    expect(await loadConfig(folder, 0)).toMatchObject({ ok: false, code: 'config-unreadable' });
  });
});
