import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installScript } from './script.ts';

const script = installScript({
  address: 'https://shell.example.org',
  sha256: 'ab12',
  version: '1.2.3',
  platforms: ['linux-x64'],
});

describe('the install script', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'webxterm-install-'));
  });
  afterAll(() => rm(home, { recursive: true }));

  /** As `curl … | sh -s -- …` runs it: nobody at a terminal, the script itself on standard input. */
  function run(
    args: readonly string[],
    PATH = process.env['PATH'],
  ): Promise<{ code: number; out: string; err: string }> {
    return new Promise((resolve) => {
      const options = { env: { HOME: home, PATH } };
      const child = execFile('/bin/sh', ['-s', '--', ...args], options, (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
      });
      child.stdin?.end(script);
    });
  }

  it('names the server, the version and the way to use it', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('WebXTerm agent 1.2.3');
    expect(out).toContain('curl -fsSL https://shell.example.org/install/agent.sh | sh -s --');
  });

  it('refuses a token as an argument, where other users could read it', async () => {
    const { code, err } = await run(['--token', 'vsay_rt_secret']);
    expect(code).toBe(1);
    expect(err).toContain('The token is no argument');
    expect(err).not.toContain('vsay_rt_secret');
  });

  it.each([
    [['--frobnicate'], "There is no option '--frobnicate'"],
    [['--name'], '--name needs a value'],
    [['--service', 'cron'], '--service is systemd, background or none'],
    [['--host', 'shell.example.org'], '--host is an address such as https://shell.example.org'],
    [['--ca', '/nowhere/ca.pem'], 'The certificate file /nowhere/ca.pem cannot be read'],
  ])('says what is wrong with %j', async (args, sentence) => {
    const { code, err } = await run(args);
    expect(code).toBe(1);
    expect(err).toContain(sentence);
  });

  it('says that Node is missing, and where it is to be had', async () => {
    const { code, err } = await run([], '/nowhere');
    expect(code).toBe(1);
    expect(err).toContain('Node.js is not installed. The agent needs Node 20.19.0 or newer: https://nodejs.org');
  });

  it('does nothing when its download broke off half way', async () => {
    const half = script.slice(0, script.lastIndexOf('main "$@"'));
    const code = await new Promise((resolve) => {
      const child = execFile('/bin/sh', ['-s'], { env: { HOME: home, PATH: '/nowhere' } }, (error) =>
        resolve(error?.code ?? 0),
      );
      child.stdin?.end(half);
    });
    expect(code).toBe(0);
  });
});
