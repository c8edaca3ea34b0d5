/** The application's menu. Away from macOS no key is taken: Ctrl+R, Ctrl+W and their like belong to the shell. */
import type { MenuItemConstructorOptions } from 'electron';
import { hostActions } from '../../../protocol/bridge/actions.ts';

type Item = MenuItemConstructorOptions;

export interface MenuParts {
  readonly platform: NodeJS.Platform;
  readonly devTools: boolean;
  readonly request: (action: string) => void;
  readonly openWindow: () => void;
  readonly reload: () => void;
  readonly quit: () => void;
}

export const menuTemplate = (parts: MenuParts): Item[] =>
  parts.platform === 'darwin' ? macMenu(parts) : otherMenu(parts);

function macMenu({ request, openWindow, devTools }: MenuParts): Item[] {
  const line: Item = { type: 'separator' };
  const settings: Item = { ...asking('Settings…', hostActions.page('settings'), request), accelerator: 'Cmd+,' };
  const quitting: Item[] = [{ role: 'hide' }, { role: 'hideOthers' }, { role: 'unhide' }, line, { role: 'quit' }];
  return [
    { role: 'appMenu', submenu: [{ role: 'about' }, line, settings, line, { role: 'services' }, line, ...quitting] },
    { role: 'fileMenu', submenu: [{ label: 'Open Window', click: openWindow }, { role: 'close' }] },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [...viewItems(request), { role: 'reload' }, ...(devTools ? [{ role: 'toggleDevTools' } as const] : [])],
    },
    { role: 'windowMenu' },
  ];
}

function otherMenu({ request, openWindow, reload, quit, devTools }: MenuParts): Item[] {
  return [
    {
      label: 'File',
      submenu: [
        { label: 'Open Window', click: openWindow },
        asking('Settings', hostActions.page('settings'), request),
        { type: 'separator' },
        { label: 'Quit', click: quit },
      ],
    },
    { label: 'Edit', submenu: [keyless('cut'), keyless('copy'), keyless('paste'), keyless('selectAll')] },
    {
      label: 'View',
      submenu: [
        ...viewItems(request),
        { label: 'Reload', click: reload },
        ...(devTools ? [keyless('toggleDevTools')] : []),
      ],
    },
    { label: 'Window', submenu: [keyless('minimize'), keyless('togglefullscreen')] },
  ];
}

const viewItems = (request: MenuParts['request']): Item[] => [
  asking('Command Palette', hostActions.palette, request),
  asking('Machines', hostActions.page('machines'), request),
  asking('Sessions', hostActions.page('sessions'), request),
  asking('This Workstation', hostActions.page('workstation'), request),
  { type: 'separator' },
];

function asking(label: string, action: string, request: MenuParts['request']): Item {
  return {
    label,
    click: () => {
      request(action);
    },
  };
}

const keyless = (role: NonNullable<Item['role']>): Item => ({ role, registerAccelerator: false });
