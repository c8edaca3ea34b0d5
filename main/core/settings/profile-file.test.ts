import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeLog } from '../fake-log.ts';
import { createNotices } from '../notices.ts';
import { createPreferences } from './preferences.ts';
import { openProfileFile } from './profile-file.ts';

let profile = '';
beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), 'webxterm-profile-'));
});
afterEach(() => {
  rmSync(profile, { recursive: true, force: true });
});
const open = (folder = profile) => {
  const notices = createNotices();
  const file = openProfileFile({ profile: folder, notices, log: fakeLog(), now: () => 0 });
  return { file, codes: () => notices.list.value.map(({ code }) => code), notices };
};
const onDisk = (): string => readFileSync(join(profile, 'settings.json'), 'utf8');

describe('the settings file', () => {
  it('is there again after a restart, readable by the person alone', async () => {
    const first = open();
    first.file.change({ last_address: 'https://backend.example' });
    await first.file[Symbol.asyncDispose]();
    expect(statSync(join(profile, 'settings.json')).mode & 0o777).toBe(0o600);
    expect(open().file.stored.last_address).toBe('https://backend.example');
  });

  it('is written without being asked, a moment after a change', async () => {
    const { file } = open();
    file.change({ layout: '{"tabs":1}' });
    await vi.waitFor(() => expect(onDisk()).toContain('tabs'));
    await file[Symbol.asyncDispose]();
  });

  it('that is no JSON is kept aside, its defaults are used, and the person is told where it is', async () => {
    writeFileSync(join(profile, 'settings.json'), '{"settings": {"appea');
    const { file, notices } = open();
    const [aside = ''] = readdirSync(profile).filter((name) => name.includes('broken'));
    expect(readFileSync(join(profile, aside), 'utf8')).toBe('{"settings": {"appea');
    expect(notices.list.value.map(({ code }) => code)).toEqual(['settings-corrupt']);
    expect(notices.list.value[0]?.detail).toContain(join(profile, aside));
    expect(file.stored.settings.appearance.theme).toBe('system');
    file.change({ last_address: 'https://a.example' });
    await file[Symbol.asyncDispose]();
    expect(onDisk()).toContain('https://a.example');
  });

  it('with one bad value loses that value and keeps the whole of it aside', () => {
    const content = JSON.stringify({ last_address: 'https://a.example', settings: { terminal: { font_size: -3 } } });
    writeFileSync(join(profile, 'settings.json'), content);
    const { file, notices } = open();
    expect(file.stored.last_address).toBe('https://a.example');
    expect(notices.list.value[0]?.detail).toContain('settings.terminal');
    const [aside = ''] = readdirSync(profile).filter((name) => name.includes('broken'));
    expect(readFileSync(join(profile, aside), 'utf8')).toBe(content);
  });

  it('that cannot be written is told, and what was changed stands until the app is closed', async () => {
    const folder = join(profile, 'a-file');
    writeFileSync(folder, '');
    const { file, codes } = open(join(folder, 'profile'));
    file.change({ last_address: 'https://a.example' });
    await vi.waitFor(() => expect(codes()).toContain('settings-not-saved'));
    expect(file.stored.last_address).toBe('https://a.example');
    await file[Symbol.asyncDispose]();
  });

  it('that can be written again says nothing more', async () => {
    mkdirSync(join(profile, 'settings.json'));
    const { file, codes } = open();
    file.change({ last_address: 'https://a.example' });
    await vi.waitFor(() => expect(codes()).toContain('settings-not-saved'));
    rmSync(join(profile, 'settings.json'), { recursive: true });
    file.change({ last_address: 'https://b.example' });
    await vi.waitFor(() => expect(codes()).not.toContain('settings-not-saved'));
    expect(onDisk()).toContain('https://b.example');
    await file[Symbol.asyncDispose]();
  });
});

describe('settings', () => {
  it('change where the patch says so and nowhere else', async () => {
    const { file } = open();
    const preferences = createPreferences(file);
    preferences.update({ terminal: { font_size: 20 }, appearance: { theme: 'dark' } });
    preferences.update({ terminal: { scrollback: 500 }, shortcuts: { find: 'Mod+F' } });
    expect(preferences.settings.value.terminal).toMatchObject({ font_size: 20, scrollback: 500, line_height: 1.2 });
    expect(preferences.settings.value.appearance).toEqual({ theme: 'dark', density: 'comfortable' });
    expect(preferences.settings.value.shortcuts).toEqual({ find: 'Mod+F' });
    await file[Symbol.asyncDispose]();
    expect(open().file.stored.settings).toEqual(preferences.settings.value);
  });
});
