import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownAccount } from '../users/account.ts';
import { placeInitFile } from './place.ts';

const init = { name: 'init', text: 'nonce=secret\n' };
const own = ownAccount();
const NOBODY = { ...own, name: 'nobody', uid: 65_534, gid: 65_534 };
const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);

describe('the init file of a shell', () => {
  it('is read by its account only, and gone when it is removed, once or more', async () => {
    const placed = await placeInitFile(init, own, own);
    const file = placed?.path ?? '';
    expect(await readFile(file, 'utf8')).toBe(init.text);
    expect([await modeOf(file), await modeOf(path.dirname(file))]).toEqual(['600', '700']);
    await placed?.remove();
    await placed?.remove();
    await expect(stat(path.dirname(file))).rejects.toThrow('ENOENT');
  });

  it.runIf(own.uid === 0)('of another account lies in a folder in which that account changes nothing', async () => {
    const placed = await placeInitFile(init, NOBODY, own);
    const file = placed?.path ?? '';
    expect(await stat(file)).toMatchObject({ uid: NOBODY.uid });
    expect(await stat(path.dirname(file))).toMatchObject({ uid: 0 });
    expect([await modeOf(file), await modeOf(path.dirname(file))]).toEqual(['600', '711']);
    await placed?.remove();
  });
});
