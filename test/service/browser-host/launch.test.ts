/** Who gets a window of the browser host: the owner of its launcher file, once, within a minute. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { launchLivesMs } from '../../../main/host/browser/launches.ts';
import { keysIn, launcherIn, startHost, type RunningHost } from './running-host.ts';

const launchers = (host: RunningHost) => readdir(path.join(host.profile, 'launch'));

describe('a launch', () => {
  it('gives the window its keys, once, and takes its file away', async () => {
    await using host = await startHost();
    const file = launcherIn(host.said[0] ?? '');
    const first = await host.post(file);
    expect(first.status).toBe(200);
    expect(keysIn(first.body).secret).toHaveLength(43);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  it('cannot be repeated with a token that was kept', async () => {
    await using host = await startHost();
    const file = await host.launcher();
    const token = /value="([^"]+)"/u.exec(await readFile(file, 'utf8'))?.[1] ?? '';
    const repeat = () =>
      host.ask({ method: 'POST', path: '/launch', headers: { Origin: 'null' }, body: `token=${token}` });
    expect((await repeat()).status).toBe(200);
    const again = await repeat();
    expect(again.status).toBe(403);
    expect(again.body).not.toContain('sessionStorage');
    expect(again.body).toContain('was used already');
  });

  it('is over after a minute', async () => {
    await using host = await startHost();
    const file = await host.launcher();
    host.pass(launchLivesMs);
    expect((await host.post(file)).status).toBe(403);
  });

  it('leaves no token in a page, an address, a cookie or an argument', async () => {
    await using host = await startHost();
    const file = await host.launcher();
    const token = /value="([^"]+)"/u.exec(await readFile(file, 'utf8'))?.[1] ?? 'none';
    const launched = await host.post(file);
    const { secret, proof } = keysIn(launched.body);
    const shown = await host.ask({});
    expect(launched.body).not.toContain(token);
    expect(launched.headers).not.toHaveProperty('set-cookie');
    expect(launched.headers).not.toHaveProperty('location');
    expect(launched.headers['cache-control']).toBe('no-store');
    for (const hidden of [token, secret, proof]) {
      expect(shown.body).not.toContain(hidden);
      expect(file).not.toContain(hidden);
      expect(host.said.join('\n')).not.toContain(hidden);
    }
  });

  it('has a file only its person can read, in a folder only its person can look into', async () => {
    await using host = await startHost();
    const file = await host.launcher();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
  });

  it('lets the answer run its own script and nothing else', async () => {
    await using host = await startHost();
    const { headers, body } = await host.post(await host.launcher());
    const nonce = /nonce="([^"]+)"/u.exec(body)?.[1] ?? 'none';
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });

  it.each([
    ['a foreign page', { Origin: 'https://evil.example' }, 403],
    ['a program that names no origin', {}, 403],
    ['a name that was rebound to loopback', { Origin: 'null', Host: 'evil.example' }, 421],
  ])('is refused to %s, and its token stays good', async (_who, headers, status) => {
    await using host = await startHost();
    const file = await host.launcher();
    const token = /value="([^"]+)"/u.exec(await readFile(file, 'utf8'))?.[1] ?? '';
    const stolen = await host.ask({ method: 'POST', path: '/launch', headers, body: `token=${token}` });
    expect(stolen.status).toBe(status);
    expect((await host.post(file)).status).toBe(200);
  });

  it('refuses a body that is too long without reading it', async () => {
    await using host = await startHost();
    const headers = { Origin: 'null' };
    const long = await host.ask({ method: 'POST', path: '/launch', headers, body: `token=${'x'.repeat(100_000)}` });
    expect(long.status).toBe(413);
    const unknown = { ...headers, 'Transfer-Encoding': 'chunked' };
    expect((await host.ask({ method: 'POST', path: '/launch', headers: unknown, body: 'token=x' })).status).toBe(413);
  });
});

describe('one browser host per profile', () => {
  it('opens another window for a second start, and starts no second host', async () => {
    await using host = await startHost();
    const file = await host.launcher();
    expect(await launchers(host)).toContain(path.basename(file));
    expect(await readFile(file, 'utf8')).toContain(`action="${host.address}/launch"`);
  });

  it('leaves no launcher, no socket and no lock behind', async () => {
    await using host = await startHost();
    await host.launcher();
    expect((await readdir(host.profile)).toSorted()).toEqual(['desktop.sock', 'launch']);
    await host.stop();
    expect(await readdir(host.profile)).toEqual([]);
  });
});

it('says that a port is taken, and by which option to choose another', async () => {
  await using host = await startHost();
  await expect(startHost({ port: host.port })).rejects.toThrow('port-taken');
});
