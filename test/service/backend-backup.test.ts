/** What an operator does with a deployment, by the built program: back it up while people write, restore it, have it examined. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { freePort } from '../../bench/free-port.ts';
import { groups } from '../../protocol/api/groups.ts';
import { uploads } from '../../protocol/api/uploads.ts';
import { backendPrograms, buildBackend, signInTo, type Programs } from './backend-program.ts';
import { requestTo } from './backend.ts';
import { askForRecording } from './cast.ts';
import { imageForm, png } from './images.ts';
import { aMachine } from './people.ts';
import { makeDatabase, onPostgres, type TestDatabase } from './postgres/database.ts';
import { newAgentKey, register, scriptedAgent } from './scripted-agent.ts';
import { runShells } from './scripted-shells.ts';
import { attachTerminal, connectTerminal, openTerminal } from './terminal-client.ts';

beforeAll(buildBackend);

/** A place for a server, on the store that the run is about. */
interface Place extends AsyncDisposable {
  readonly data: string;
  command(name: string, ...args: string[]): ReturnType<Programs['run']>;
  examine(env: Readonly<Record<string, string>>, ...args: string[]): ReturnType<Programs['run']>;
  verifyAudit(file: string): ReturnType<Programs['run']>;
  serve: Programs['serve'];
}
async function makePlace(): Promise<Place> {
  const programs = backendPrograms();
  const { data } = programs;
  const database: TestDatabase | null = onPostgres() ? await makeDatabase({ empty: true }) : null;
  const env: Record<string, string> = database
    ? { DATABASE_URL: database.url, JWT_SECRET: 'shared by the programs of a test, long enough' }
    : {};
  return {
    data,
    command: (name, ...args) => programs.run([name, ...args, '--data', data], { env }),
    examine: (more, ...args) => programs.run(['doctor', ...args, '--data', data], { env: { ...env, ...more } }),
    // needs neither a folder nor a store
    verifyAudit: (file) => programs.run(['verify-audit', file]),
    serve: (port, more) => programs.serve(port, { ...more, env: { ...env, ...more?.env } }),
    async [Symbol.asyncDispose]() {
      programs[Symbol.dispose]();
      await database?.[Symbol.asyncDispose]();
    },
  };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'webxterm-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const patiently = { timeout: 20_000 };
const EMAIL = 'ada@harbour.test';
const bootstrapped = z.object({ password: z.string() });
async function bootstrap(place: Place): Promise<string> {
  const made = await place.command('bootstrap', '--organization', 'Harbour', '--email', EMAIL, '--username', 'ada');
  return bootstrapped.parse(JSON.parse(made.stdout)).password;
}

const SCREEN = '$ make\r\nnothing to be done\r\n';
/** A machine with a session that is over, and its recording. */
async function recordedSession(url: string, who: { readonly token: string }) {
  const server = { url, request: requestTo(url) };
  const key = newAgentKey();
  const { agentId, registrationToken } = await aMachine(server, who);
  expect((await register(server, registrationToken, key)).status).toBe(201);
  await using link = await scriptedAgent(server, agentId, key).connect();
  const shells = runShells(link);
  await using client = await connectTerminal(server, who, agentId);
  const sessionId = await openTerminal(client);
  await attachTerminal(client, sessionId);
  shells.print(sessionId, SCREEN);
  shells.exit(sessionId, 0);
  const ended = async () =>
    (await server.request('GET', '/api/audit?action=recording_ended', { token: who.token })).body;
  await expect.poll(ended, patiently).toMatchObject({ total: 1 });
  return { agentId, key, sessionId };
}
async function showFace(url: string, { token }: { readonly token: string }, face: Uint8Array): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const shown = await fetch(`${url}/api/profile/upload-avatar`, { method: 'POST', headers, body: imageForm(face) });
  return uploads.avatar.answer[200].parse(await shown.json()).avatar_url;
}
/** One group after the other, until it is stopped: the names of those that the server said are made. */
function keepWriting(url: string, { token }: { readonly token: string }) {
  const written: string[] = [];
  const over = new AbortController();
  const ended = (async () => {
    for (let i = 0; !over.signal.aborted; i++) {
      const name = `group-${String(i).padStart(5, '0')}`;
      const made = await requestTo(url)('POST', '/api/groups', { token, body: { name, description: '' } });
      if (made.status !== 201) throw new Error(`not written: ${JSON.stringify(made.body)}`);
      written.push(name);
    }
  })();
  const stop = (): Promise<void> => {
    over.abort();
    return ended;
  };
  return { written, stop };
}

describe('webxterm-backend backup and restore', () => {
  it('bring everything as it was at one moment, while people write, to a new place; and the audit can be verified', async () => {
    await using from = await makePlace();
    await using to = await makePlace();
    const password = await bootstrap(from);
    const { url } = await from.serve();
    const ada = await signInTo(url, EMAIL, password);
    const { agentId, key, sessionId } = await recordedSession(url, ada);
    const recording = (await askForRecording({ request: requestTo(url) }, ada, sessionId)).body;
    expect(recording).toContain('nothing to be done');
    const face = png();
    const avatar = await showFace(url, ada, face);

    const writing = keepWriting(url, ada);
    await expect.poll(() => writing.written.length, patiently).toBeGreaterThan(5);
    const before = writing.written.length;
    const file = join(folder, 'all.backup');
    expect(await from.command('backup', file)).toMatchObject({ code: 0, stderr: '' });
    const during = writing.written.length;
    await expect.poll(() => writing.written.length, patiently).toBeGreaterThan(during);
    await writing.stop();

    expect(await to.command('restore', file)).toMatchObject({ code: 0, stderr: '' });
    const there = await to.serve();
    const request = requestTo(there.url);
    expect((await request('GET', '/api/users/me', { token: ada.token })).status).toBe(401);
    const again = await signInTo(there.url, EMAIL, password);
    const { token } = again;

    const listed = groups.list.answer[200].parse((await request('GET', '/api/groups', { token })).body);
    const restored = listed.groups.map(({ name }) => name).toSorted();
    // what was acknowledged before is there, and of what came later as much as was written by one moment
    expect(restored.length).toBeGreaterThanOrEqual(before);
    expect(restored).toEqual(writing.written.slice(0, restored.length));
    expect((await askForRecording({ request }, again, sessionId)).body).toEqual(recording);
    const shown = await fetch(there.url + avatar, { headers: { authorization: `Bearer ${token}` } });
    expect(Buffer.from(await shown.arrayBuffer()).equals(face)).toBe(true);
    await using _ = await scriptedAgent({ url: there.url }, agentId, key).connect();

    expect((await request('GET', '/api/audit/verify', { token })).body).toMatchObject({ ok: true });
    await verifyExport(to, (await exportOf(there.url, token)).toString());
  });

  it.skipIf(onPostgres())(
    'say what is in the way, change nothing then, and end with 1; used wrongly, with 2',
    async () => {
      await using place = await makePlace();
      const password = await bootstrap(place);
      const file = join(folder, 'one.backup');
      expect((await place.command('backup', file)).code).toBe(0);
      const refused = async (...args: string[]) => {
        const { code, stdout, stderr } = await place.command(args[0] ?? '', ...args.slice(1));
        expect(stdout).toBe('');
        return `${code}: ${stderr}`;
      };
      expect(await refused('backup', file)).toMatch(/^1: .*There is a file/);
      expect(await refused('restore', file)).toMatch(/^1: .*There is data already.*--replace/);
      expect(await refused('restore', join(folder, 'none'))).toMatch(/^1: .*cannot be read/);
      expect(await refused('restore')).toMatch(/^2: /);
      writeFileSync(join(folder, 'cut.backup'), readFileSync(file).subarray(0, -20));
      expect(await refused('restore', join(folder, 'cut.backup'), '--replace')).toMatch(/^1: .*not a whole backup/);
      const { url } = await place.serve();
      expect(await refused('restore', file, '--replace')).toMatch(/^1: .*(serves .* already|has the database open)/);
      expect((await signInTo(url, EMAIL, password)).user.username).toBe('ada');
    },
  );
});

async function exportOf(url: string, token: string): Promise<Buffer> {
  const headers = { authorization: `Bearer ${token}` };
  return Buffer.from(await (await fetch(`${url}/api/audit?format=json`, { headers })).arrayBuffer());
}
/** As it is, with a word changed, and cut off. */
async function verifyExport(place: Place, text: string): Promise<void> {
  const file = join(folder, 'audit.json');
  const verify = async (content: string) => {
    writeFileSync(file, content);
    const { code, stdout, stderr } = await place.verifyAudit(file);
    return `${code}: ${stdout}${stderr}`;
  };
  expect(await verify(text)).toMatch(/^0: Entries 1 to \d+ are as they were written/);
  expect(await verify(text.replace('group-00003', 'group-00004'))).toMatch(/^1: .*Entry \d+ was changed/);
  expect(await verify(text.trimEnd().slice(0, -1))).toMatch(/^1: .*The file is cut off/);
}

const told = z.array(z.object({ check: z.string(), state: z.enum(['ok', 'warning', 'failed']), says: z.string() }));

describe.skipIf(onPostgres())('webxterm-backend doctor', () => {
  it('finds nothing wrong with a server that runs, then what was broken, and ends with 1', async () => {
    await using place = await makePlace();
    await bootstrap(place);
    const port = await freePort();
    const env = { PUBLIC_URL: `http://127.0.0.1:${port}` };
    const { child, ended } = await place.serve(port, { env });
    const examine = async () => {
      const { code, stdout, stderr } = await place.examine(env, '--json');
      const findings = told.parse(JSON.parse(stdout));
      // how much room there is, is this computer's matter
      const ofOurs = findings.filter(({ check, state }) => state !== 'ok' && check !== 'disk');
      const wrong = ofOurs.map(({ check, state }) => `${check}: ${state}`);
      return { code, stderr, wrong };
    };
    expect(await examine()).toEqual({ code: 0, stderr: '', wrong: [] });
    expect((await place.examine(env)).stdout).toMatch(/^✔ configuration: .*\n(✔ .*\n)+$/);

    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    chmodSync(place.data, 0o755);
    expect(await examine()).toEqual({ code: 1, stderr: '', wrong: ['data folder: failed', 'public address: failed'] });
    const said = (await place.examine(env)).stdout;
    expect(said).toContain(`✖ data folder: Others of this computer can look into ${place.data}`);
    expect(said).toContain(`chmod 700 ${place.data}`);
    expect((await place.examine({ PUBLIC_URL: 'nowhere' })).code).toBe(2);
  });
});
