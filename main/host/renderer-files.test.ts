import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { array, assert, asyncProperty, constantFrom } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRendererFile } from './renderer-files.ts';

let root = '';
let folder = '';
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'webxterm-renderer-'));
  folder = path.join(root, 'renderer');
  await mkdir(path.join(folder, 'assets'), { recursive: true });
  await writeFile(path.join(folder, 'index.html'), 'page');
  await writeFile(path.join(folder, 'assets/index-B1.js'), 'script');
  await writeFile(path.join(folder, 'assets/notes.txt'), 'no part of the page');
  await writeFile(path.join(folder, '.hidden.js'), 'hidden');
  await writeFile(path.join(root, 'secret.js'), 'outside');
  await symlink(path.join(folder, 'assets'), path.join(folder, 'dir.js'));
});
afterAll(() => rm(root, { recursive: true }));

describe('the files of the window', () => {
  it('are the page under its root, and its parts', async () => {
    expect(await readRendererFile(folder, '/')).toMatchObject({ kind: 'page', content: Buffer.from('page') });
    expect(await readRendererFile(folder, '/assets/index-B1.js')).toMatchObject({
      kind: 'part',
      type: 'text/javascript; charset=utf-8',
      content: Buffer.from('script'),
    });
  });

  it.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/assets/..\\..\\secret.js',
    '//secret.js',
    '/.hidden.js',
    '/assets/notes.txt',
    '/assets/none.js',
    '/assets/index-B1.js/index-B1.js',
    '/assets',
    '/dir.js',
    '/assets/index-B1.js\0',
    '',
  ])('are not at %j', async (pathname) => {
    expect(await readRendererFile(folder, pathname)).toBeNull();
  });

  it('never lie outside the folder, whatever the path', async () => {
    const part = constantFrom('..', '.', '', 'assets', 'secret.js', '%2e%2e', '..\\', 'index-B1.js');
    await assert(
      asyncProperty(array(part, { maxLength: 6 }), async (parts) => {
        const file = await readRendererFile(folder, `/${parts.join('/')}`);
        return file === null || ['page', 'script'].includes(file.content.toString());
      }),
    );
  });
});
