/** The bridge of the core, as windows use it: several at once, and what they may not do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { calls } from '../../protocol/bridge/calls.ts';
import { mainMessage, type MainMessage } from '../../protocol/bridge/messages.ts';
import { createDesktop } from '../../main/core/desktop.ts';
import { fakeKeychain } from '../../main/core/vault/fake-keychain.ts';
import { makeFolder } from '../e2e/product/folder.ts';
import { openDesktop } from './core/desktop.ts';

describe('a window', () => {
  it('gets the present state of everything first, then changes; a second one likewise', async () => {
    await using desktop = await openDesktop();
    await desktop.window.call('settings.update', { appearance: { theme: 'dark' } });
    const second = desktop.openWindow();
    await expect.poll(() => second.latest('settings.changed')?.appearance.theme).toBe('dark');
    await expect
      .poll(() => second.latest('accounts.changed'))
      .toEqual({ active: null, last_address: '', accounts: [] });
    await expect.poll(() => second.latest('workstation.changed')?.state).toBe('off');
    await expect.poll(() => second.latest('terminals.changed')).toEqual([]);
    await expect.poll(() => second.latest('notices.changed')).toEqual([]);
    await second.call('settings.update', { terminal: { font_size: 21 } });
    for (const window of [desktop.window, second]) {
      await expect.poll(() => window.latest('settings.changed')?.terminal.font_size).toBe(21);
    }
  });

  it('hears a burst of changes as few, the last one included', async () => {
    await using desktop = await openDesktop();
    await expect.poll(() => desktop.window.heard('settings.changed').length).toBe(1);
    const sizes = Array.from({ length: 30 }, (_, n) => n + 10);
    await Promise.all(sizes.map((size) => desktop.window.call('settings.update', { terminal: { font_size: size } })));
    await expect.poll(() => desktop.window.latest('settings.changed')?.terminal.font_size).toBe(39);
    expect(desktop.window.heard('settings.changed').length).toBeLessThan(6);
  });

  it('hears nothing more once it is closed', async () => {
    await using desktop = await openDesktop();
    const second = desktop.openWindow();
    await expect.poll(() => second.heard('settings.changed').length).toBe(1);
    second.close();
    await desktop.window.call('settings.update', { appearance: { theme: 'dark' } });
    await expect.poll(() => desktop.window.latest('settings.changed')?.appearance.theme).toBe('dark');
    expect(second.heard('settings.changed').length).toBe(1);
  });

  it('does what the host asks for: an action of a menu or a link comes to every window', async () => {
    await using desktop = await openDesktop();
    const second = desktop.openWindow();
    desktop.requestAction('terminal.new');
    await expect.poll(() => desktop.window.heard('actions.requested')).toEqual([{ action: 'terminal.new' }]);
    await expect.poll(() => second.heard('actions.requested')).toEqual([{ action: 'terminal.new' }]);
  });

  it('finds its tabs and splits again after a restart', async () => {
    await using desktop = await openDesktop();
    expect(await desktop.window.call('layout.load', null)).toEqual({ ok: true, value: null });
    const layout = JSON.stringify({ tabs: ['a', 'b'] });
    await desktop.window.call('layout.save', { layout });
    await using again = await desktop.restart();
    expect(await again.window.call('layout.load', null)).toEqual({ ok: true, value: layout });
  });

  it('opens links of the web and of mail, and nothing else', async () => {
    await using desktop = await openDesktop();
    for (const url of ['https://docs.example/', 'mailto:ada@example.org']) {
      expect(await desktop.window.call('links.open', { url })).toEqual({ ok: true, value: null });
    }
    for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'smb://share/']) {
      expect(await desktop.window.call('links.open', { url })).toMatchObject({ ok: false });
    }
    expect(desktop.openedLinks).toEqual(['https://docs.example/', 'mailto:ada@example.org']);
  });

  it('dismisses a notice in every window', async () => {
    await using desktop = await openDesktop();
    await desktop.window.call('settings.update', { network: { extra_ca_file: '/no/such/file.pem' } });
    const second = desktop.openWindow();
    await expect.poll(() => second.latest('notices.changed')?.length).toBe(1);
    const [notice] = second.latest('notices.changed') ?? [];
    await second.call('notices.dismiss', { notice: notice?.id ?? '' });
    await expect.poll(() => desktop.window.latest('notices.changed')).toEqual([]);
  });
});

describe('a window that misbehaves', () => {
  it('by a call that does not exist is told bad-call, whatever its name', async () => {
    await using desktop = await raw();
    for (const [id, name] of ['no.such.call', 'constructor', '__proto__', 'toString', ''].entries()) {
      desktop.window.receive({ type: 'call', id, name, input: null });
      await expect
        .poll(() => answer(desktop.heard, id))
        .toMatchObject({ result: { ok: false, failure: { code: 'bad-call' } } });
    }
  });

  it.each(Object.keys(calls))(
    'by an input of %s that makes no sense is told what is wrong, and nothing happens',
    async (name) => {
      await using desktop = await raw();
      desktop.window.receive({
        type: 'call',
        id: 1,
        name,
        input: { account: 7, terminal: [], appearance: 'x', url: 5 },
      });
      await expect
        .poll(() => answer(desktop.heard, 1))
        .toMatchObject({ result: { ok: false, failure: { code: 'invalid-fields' } } });
    },
  );

  it('by messages of no kind goes on working', async () => {
    await using desktop = await raw();
    for (const message of [null, 7, 'text', {}, [], { type: 'call' }, { type: 'subscribe', name: 'toString' }]) {
      desktop.window.receive(message);
    }
    desktop.window.receive({ type: 'call', id: 3.5, name: 'app.info', input: null });
    desktop.window.receive({ type: 'call', id: 4, name: 7, input: null });
    await expect.poll(() => answer(desktop.heard, 4)).toMatchObject({ result: { failure: { code: 'bad-call' } } });
    desktop.window.receive({ type: 'call', id: 5, name: 'app.info', input: null });
    await expect
      .poll(() => answer(desktop.heard, 5))
      .toMatchObject({ result: { ok: true, value: { version: '1.2' } } });
  });

  it('by a terminal that does not exist gets its carrier closed', async () => {
    await using desktop = await raw();
    let closed = 0;
    desktop.window.openTerminal('no-such-terminal', {
      post: () => undefined,
      onMessage: () => undefined,
      onClose: () => undefined,
      close: () => {
        closed += 1;
      },
    });
    expect(closed).toBe(1);
  });

  it('a fault of the app itself is an answer too, and stands in the log under the id the person is told', async () => {
    await using desktop = await raw({ openLink: () => Promise.reject(new Error('no browser anywhere')) });
    desktop.window.receive({ type: 'call', id: 1, name: 'links.open', input: { url: 'https://a.example' } });
    await expect.poll(() => answer(desktop.heard, 1)).toMatchObject({ result: { failure: { code: 'internal' } } });
    const [, id = ''] = /"detail":"[^"]*?([0-9a-f-]{36})/.exec(JSON.stringify(answer(desktop.heard, 1))) ?? [];
    const line = desktop
      .log()
      .split('\n')
      .find((each) => each.includes(id));
    expect(line).toContain('no browser anywhere');
  });
});

/** Raw messages in, raw messages out. */
async function raw(opened: { openLink?: () => Promise<void> } = {}) {
  const folder = await makeFolder('profile');
  const desktop = createDesktop(
    {
      profile: folder.path,
      version: '1.2',
      openLink: opened.openLink ?? (() => Promise.resolve()),
      notify: () => undefined,
      readClipboard: () => Promise.resolve(null),
      startAgent: () => {
        throw new Error('no agent here');
      },
      onWake: () => undefined,
    },
    { env: {}, keychain: fakeKeychain() },
  );
  const heard: MainMessage[] = [];
  const window = desktop.connectWindow((message) => heard.push(mainMessage.parse(message)));
  return {
    heard,
    window,
    log: () => readFileSync(join(folder.path, 'logs/desktop.log'), 'utf8'),
    async [Symbol.asyncDispose]() {
      await desktop[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
function answer(heard: readonly MainMessage[], id: number): MainMessage | undefined {
  return heard.find((message) => message.type === 'answer' && message.id === id);
}
