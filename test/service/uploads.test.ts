import { existsSync, readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { collectUploads } from '../../backend/machines/uploads/collect-uploads.ts';
import { createUploadFiles } from '../../backend/machines/uploads/upload-files.ts';
import { profile } from '../../protocol/api/profile.ts';
import { uploads } from '../../protocol/api/uploads.ts';
import { startBackend, type Backend } from './backend.ts';
import { comment, exif, gif, html, jpeg, png, pngOf, SECRET, svg, webp } from './images.ts';
import { actingIn, aColleague, anAdmin, aSuperAdmin, audit, type Person } from './people.ts';

const ADD = '/api/community/upload';
const AVATAR = '/api/profile/upload-avatar';
const MIB = 1024 * 1024;
const clock = { ahead: 0 };

let backend: Backend;
let admin: Person;
beforeAll(async () => {
  backend = await startBackend({ clock, limits: { requestMs: 1500 } });
  admin = await anAdmin(backend);
});
afterAll(() => backend[Symbol.asyncDispose]());

type Parts = readonly (readonly [name: string, value: Uint8Array | string, fileName?: string])[];
async function send(path: string, who: Person, parts: Parts) {
  const form = new FormData();
  for (const [name, value, fileName] of parts) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, new Blob([new Uint8Array(value)]), fileName ?? 'image.png');
  }
  const headers = { authorization: `Bearer ${who.token}` };
  const response = await fetch(backend.url + path, { method: 'POST', headers, body: form });
  return { status: response.status, body: z.unknown().parse(await response.json()) };
}
const addressIn = (body: unknown): string => uploads.add.answer[200].parse(body).url;
async function added(who: Person, image: Uint8Array): Promise<string> {
  return addressIn((await send(ADD, who, [['file', image]])).body);
}
const fetched = async (url: string, who: Person | null) =>
  fetch(backend.url + url, { headers: who ? { authorization: `Bearer ${who.token}` } : {} });
const folderOf = (who: Person): string => join(backend.dataFolder, 'uploads', who.organizationId);

const raw = async (headers: string, body: string): Promise<string> => {
  const socket = connect(backend.port, '127.0.0.1');
  const head = `POST ${ADD} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${admin.token}\r\nconnection: close\r\n`;
  socket.write(`${head}${headers}\r\n\r\n${body}`);
  return text(socket);
};

const collect = async (): Promise<number> =>
  collectUploads({
    store: backend.store,
    files: createUploadFiles(join(backend.dataFolder, 'uploads')),
    now: () => Date.now() + clock.ahead,
  });
const issue = async (who: Person, description: string): Promise<string> => {
  const body = { title: 'looks like this', description };
  const answer = await backend.request('POST', '/api/community/issues', { token: who.token, body });
  return z.object({ issue: z.object({ id: z.string() }) }).parse(answer.body).issue.id;
};

const profileOf = async (who: Person) =>
  profile.get.answer[200].parse((await backend.request('GET', '/api/profile', { token: who.token })).body).user;
const byAddress = (who: Person, avatar_url: unknown) =>
  backend.request('POST', AVATAR, { token: who.token, body: { avatar_url } });

describe('an image', () => {
  it.each([
    ['PNG', png(), 'image/png'],
    ['JPEG', jpeg(), 'image/jpeg'],
    ['GIF', gif, 'image/gif'],
    ['WebP', webp, 'image/webp'],
  ])('of the kind %s is taken by its bytes, whatever its name, and shown as that', async (_kind, bytes, type) => {
    const answer = await send(ADD, admin, [['file', bytes, 'anything.exe']]);
    expect(answer.status).toBe(200);
    const shown = await fetched(addressIn(answer.body), admin);
    expect(shown.status).toBe(200);
    expect(shown.headers.get('content-type')).toBe(type);
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(bytes);
  });

  it('of exactly five mebibytes is taken, and one more byte is not', async () => {
    expect((await send(ADD, admin, [['file', pngOf(5 * MIB)]])).status).toBe(200);
    expect(await send(ADD, admin, [['file', pngOf(5 * MIB + 1)]])).toMatchObject({
      status: 413,
      body: { code: 'too-large' },
    });
  });

  it('does not tell where it was taken', async () => {
    const shown = await fetched(await added(admin, jpeg({ extra: [exif, comment] })), admin);
    expect(Buffer.from(await shown.arrayBuffer()).toString('latin1')).not.toContain(SECRET);
  });

  it('is shown so that nothing in it can run, and kept by nobody on the way', async () => {
    const { headers } = await fetched(await added(admin, png()), admin);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': 'attachment; filename="image.png"',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, max-age=3600',
      vary: 'authorization',
    });
  });

  it('lies in a file of its own that nobody else reads, and is in the audit', async () => {
    const url = await added(admin, png());
    const id = url.split('/').at(-1) ?? '';
    expect(statSync(join(folderOf(admin), id)).mode & 0o777).toBe(0o600);
    expect(statSync(folderOf(admin)).mode & 0o777).toBe(0o700);
    expect((await audit(backend, admin)).at(-1)).toMatchObject({
      action: 'image_uploaded',
      resource: id,
      username: admin.username,
      detail: { media_type: 'image/png' },
    });
  });

  it('is seen by its organization, and by nobody else', async () => {
    const colleague = await aColleague(backend, admin);
    const stranger = await anAdmin(backend);
    const url = await added(colleague, png());
    expect((await fetched(url, admin)).status).toBe(200);
    expect((await fetched(url, null)).status).toBe(401);
    const foreign = await fetched(url, stranger);
    const nowhere = await fetched(`/api/community/uploads/${crypto.randomUUID()}`, stranger);
    expect([foreign.status, nowhere.status]).toEqual([404, 404]);
    expect((await fetched('/api/community/uploads/..%2f..%2fjwt-secret', admin)).status).toBe(400);
  });
});

describe('what is no image is refused, and leaves nothing behind', () => {
  it.each([
    ['an SVG', [['file', svg, 'image.svg']], 415, 'not-an-image'],
    ['a page that is called an image', [['file', html, 'image.png']], 415, 'not-an-image'],
    ['a script that begins as an image', [['file', Buffer.from('GIF89a/*,,,*/=1;//;')]], 400, 'image-damaged'],
    ['an image that is cut off', [['file', png().subarray(0, 60)]], 400, 'image-damaged'],
    ['an image as large as a house', [['file', png({ width: 50_000, height: 50_000 })]], 413, 'image-too-large'],
    ['nothing', [['file', Buffer.alloc(0)]], 415, 'not-an-image'],
    ['a form without a file', [], 400, 'file-missing'],
    ['a file in another field', [['picture', png()]], 400, 'invalid-fields'],
    ['a text in its field', [['file', 'a text']], 400, 'invalid-fields'],
    [
      'a text beside it',
      [
        ['title', 'x'],
        ['file', png()],
      ],
      400,
      'invalid-fields',
    ],
    [
      'two files',
      [
        ['file', png()],
        ['file', png()],
      ],
      400,
      'several-files',
    ],
  ] satisfies [string, Parts, number, string][])('%s', async (...[, parts, status, code]) => {
    const person = await anAdmin(backend);
    const answer = await send(ADD, person, parts);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(existsSync(folderOf(person)) ? readdirSync(folderOf(person)) : []).toEqual([]);
    expect((await audit(backend, person)).map(({ action }) => action)).not.toContain('image_uploaded');
  });

  it('an image with a page behind it, but for the image', async () => {
    const shown = await fetched(await added(admin, Buffer.concat([png(), html])), admin);
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(png());
  });
});

describe('a body that is no upload', () => {
  const begun = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n\x89PNG';

  it.each([
    ['JSON', { 'content-type': 'application/json' }, '{"url":"x"}', 415, 'wrong-media-type'],
    ['of another type', { 'content-type': 'image/png' }, 'x', 415, 'wrong-media-type'],
    ['empty', {}, undefined, 400, 'file-missing'],
    ['without a boundary', { 'content-type': 'multipart/form-data' }, 'x', 400, 'upload-malformed'],
    [
      'that is not what its type says',
      { 'content-type': 'multipart/form-data; boundary=x' },
      'y',
      400,
      'upload-malformed',
    ],
    [
      'that ends within its file',
      { 'content-type': 'multipart/form-data; boundary=x' },
      begun,
      400,
      'upload-malformed',
    ],
    ['without a part', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--\r\n', 400, 'file-missing'],
  ] satisfies [string, Record<string, string>, string | undefined, number, string][])(
    '%s is refused',
    async (...[, headers, body, status, code]) => {
      const asked = { token: admin.token, headers, ...(body !== undefined && { body }) };
      expect(await backend.request('POST', ADD, asked)).toMatchObject({ status, body: { code } });
    },
  );

  it('whose length says that it is far too large is not read', async () => {
    const answer = await raw(`content-type: multipart/form-data; boundary=x\r\ncontent-length: ${1024 * MIB}`, begun);
    expect(answer).toContain('HTTP/1.1 413');
    expect(answer).toContain('"code":"too-large"');
  });

  it('that does not come is given up', async () => {
    const answer = await raw('content-type: multipart/form-data; boundary=x\r\ncontent-length: 5000', begun);
    expect(answer).toContain('HTTP/1.1 408');
    expect(answer).toContain('"code":"too-slow"');
  });

  it('is read for nobody who is not signed in', async () => {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(png())]));
    const answer = await fetch(backend.url + ADD, { method: 'POST', body: form });
    expect(answer.status).toBe(401);
  });

  it('is a file where the row takes none', async () => {
    expect(await send('/api/community/issues', admin, [['file', png()]])).toMatchObject({
      status: 415,
      body: { code: 'wrong-media-type' },
    });
  });

  it('comes from one person four at a time, and no more', async () => {
    const sockets = Array.from({ length: 4 }, () => connect(backend.port, '127.0.0.1'));
    const person = await anAdmin(backend);
    const head = `POST ${ADD} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${person.token}\r\n`;
    for (const socket of sockets) {
      socket.write(`${head}content-type: multipart/form-data; boundary=x\r\ncontent-length: 5000\r\n\r\n${begun}`);
    }
    await expect.poll(async () => (await send(ADD, person, [['file', png()]])).status).toBe(429);
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await send(ADD, person, [['file', png()]])).status).toBe(200);
  });
});

describe('an image that no text shows', () => {
  it('is forgotten after a day; one that a text shows is not, until the text goes', async () => {
    const person = await anAdmin(backend);
    const [shown, fixed, alone] = [await added(person, png()), await added(person, png()), await added(person, png())];
    const id = await issue(person, `It looks so: ![](${shown})`);
    const content = `Now so: ![](${backend.url}${fixed})`;
    await backend.request('POST', `/api/community/issues/${id}/fixes`, { token: person.token, body: { content } });
    await collect();
    expect((await fetched(alone, person)).status).toBe(200);
    clock.ahead = 25 * 3600 * 1000;
    try {
      await collect();
      expect(new Set(readdirSync(folderOf(person)))).toEqual(
        new Set([shown, fixed].map((url) => url.split('/').at(-1))),
      );
      await backend.store.organization(person.organizationId).upkeep((tx) => tx.deleteFrom('issues').execute());
      await collect();
      expect(readdirSync(folderOf(person))).toEqual([]);
      expect(await collect()).toBe(0);
    } finally {
      clock.ahead = 0;
    }
  });

  it('can be had fifty times by one person', async () => {
    const person = await anAdmin(backend);
    for (let i = 0; i < 50; i += 1) expect((await send(ADD, person, [['file', gif]])).status).toBe(200);
    expect(await send(ADD, person, [['file', gif]])).toMatchObject({ status: 429, body: { code: 'too-many-uploads' } });
    expect(readdirSync(folderOf(person))).toHaveLength(50);
  });
});

describe('an avatar', () => {
  it('is a file, shown like other images; the one before goes with it', async () => {
    const person = await aColleague(backend, await anAdmin(backend));
    const first = uploads.avatar.answer[200].parse((await send(AVATAR, person, [['file', png()]])).body);
    expect((await profileOf(person)).avatar_url).toBe(first.avatar_url);
    expect((await fetched(first.avatar_url, person)).status).toBe(200);
    const second = uploads.avatar.answer[200].parse((await send(AVATAR, person, [['file', webp]])).body);
    expect((await fetched(first.avatar_url, person)).status).toBe(404);
    expect(readdirSync(folderOf(person))).toEqual([second.avatar_url.split('/').at(-1)]);
    const lines = (await audit(backend, person)).filter(({ action }) => action === 'avatar_changed');
    expect(lines).toMatchObject([
      { resource: person.userId, username: person.username, detail: { by: 'file' } },
      { detail: { by: 'file' } },
    ]);
  });

  it('is an address, which is kept as it is and never fetched', async () => {
    const person = await anAdmin(backend);
    await send(AVATAR, person, [['file', png()]]);
    const avatar_url = 'https://127.0.0.1:1/me.png';
    expect(await byAddress(person, avatar_url)).toMatchObject({ status: 200, body: { avatar_url } });
    expect((await profileOf(person)).avatar_url).toBe(avatar_url);
    expect(readdirSync(folderOf(person))).toEqual([]);
    expect((await audit(backend, person)).at(-1)).toMatchObject({
      action: 'avatar_changed',
      detail: { by: 'address' },
    });
  });

  it('of a super admin is kept where its account lives, wherever it acts', async () => {
    const above = await aSuperAdmin(backend);
    const elsewhere = await anAdmin(backend);
    const acting = await actingIn(backend, above, elsewhere.tenantId);
    const avatarsIn = async (of: Person) =>
      (await audit(backend, of)).filter(
        ({ action, resource }) => action === 'avatar_changed' && resource === above.userId,
      );
    const { avatar_url } = uploads.avatar.answer[200].parse((await send(AVATAR, acting, [['file', png()]])).body);
    expect((await profileOf(acting)).avatar_url).toBe(avatar_url);
    for (const person of [above, acting]) expect((await fetched(avatar_url, person)).status).toBe(200);
    expect((await fetched(avatar_url, elsewhere)).status).toBe(404);
    const another = await actingIn(backend, await aSuperAdmin(backend), elsewhere.tenantId);
    expect((await fetched(avatar_url, another)).status).toBe(404);
    expect(existsSync(folderOf(elsewhere))).toBe(false);
    const address = 'https://example.org/me.png';
    expect((await byAddress(acting, address)).status).toBe(200);
    expect((await profileOf(above)).avatar_url).toBe(address);
    expect(readdirSync(folderOf(above))).toEqual([]);
    expect(await avatarsIn(above)).toMatchObject([{ username: above.username }, { username: above.username }]);
    expect(await avatarsIn(elsewhere)).toEqual([]);
  });

  it.each([
    ['not encrypted', 'http://example.org/me.png'],
    ['a script', 'javascript:alert(1)'],
    ['the bytes themselves', 'data:image/png;base64,AAAA'],
    ['a file', 'file:///etc/passwd'],
    ['with a password', 'https://me:secret@example.org/'],
    ['endless', `https://example.org/${'x'.repeat(2048)}`],
    ['no address', 'me.png'],
    ['nothing', undefined],
  ])('is no address that is %s', async (_what, avatarUrl) => {
    expect(await byAddress(admin, avatarUrl)).toMatchObject({
      status: 400,
      body: { code: 'invalid-fields', fields: [{ path: 'avatar_url' }] },
    });
  });

  it('is no other file than an image', async () => {
    expect(await send(AVATAR, admin, [['file', svg]])).toMatchObject({ status: 415, body: { code: 'not-an-image' } });
  });
});
