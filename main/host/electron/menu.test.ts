import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { menuTemplate } from './menu.ts';

function itemsOf(platform: NodeJS.Platform, devTools = false) {
  const asked: string[] = [];
  const note = (what: string) => () => {
    asked.push(what);
  };
  const template = menuTemplate({
    platform,
    devTools,
    request: (action) => asked.push(action),
    openWindow: note('window'),
    reload: note('reload'),
    quit: note('quit'),
  });
  return { items: template.flatMap(flat), asked };
}

const flat = (item: MenuItemConstructorOptions): MenuItemConstructorOptions[] => [
  item,
  ...(Array.isArray(item.submenu) ? item.submenu.flatMap(flat) : []),
];

describe.each(['linux', 'win32'] as const)('the menu on %s', (platform) => {
  it('takes no key away from the shell: no Ctrl+R, no Ctrl+W', () => {
    const { items } = itemsOf(platform, true);
    const taking = items.filter(
      ({ role, accelerator, registerAccelerator }) =>
        accelerator !== undefined || (role !== undefined && registerAccelerator !== false),
    );
    expect(taking).toEqual([]);
  });
});

it('the menu on macOS has the parts people look for there', () => {
  const roles = itemsOf('darwin').items.map(({ role }) => role);
  for (const role of ['appMenu', 'about', 'services', 'hide', 'quit', 'fileMenu', 'close', 'editMenu', 'windowMenu'])
    expect(roles).toContain(role);
});

it.each(['darwin', 'linux'] as const)('has no developer tools in an installed app on %s', (platform) => {
  const roles = (devTools: boolean) => itemsOf(platform, devTools).items.map(({ role }) => role);
  expect(roles(false)).not.toContain('toggleDevTools');
  expect(roles(true)).toContain('toggleDevTools');
});

it('asks the window for its pages and its palette', () => {
  const { items, asked } = itemsOf('linux');
  for (const { click } of items) Reflect.apply(click ?? (() => {}), undefined, []);
  expect(asked.toSorted()).toEqual(
    [
      'page.machines',
      'page.sessions',
      'page.settings',
      'page.workstation',
      'palette.open',
      'quit',
      'reload',
      'window',
    ].toSorted(),
  );
});
