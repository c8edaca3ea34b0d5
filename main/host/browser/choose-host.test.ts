import { expect, it } from 'vitest';
import { chooseHost } from './choose-host.ts';

const desk = { electron: '/e/electron', isRoot: false, hasDisplay: true };

it('shows the window in Electron where it is installed', () => {
  expect(chooseHost({ open: true }, desk)).toEqual({ host: 'electron', binary: '/e/electron' });
});

it.each([
  ['Electron is not installed', { ...desk, electron: null }, { open: true }],
  ['there is no display', { ...desk, hasDisplay: false }, { open: true }],
  ['root runs it, from whom Electron keeps its sandbox', { ...desk, isRoot: true }, { open: true }],
  ['no window is to be opened', desk, { open: false }],
  ['it was asked for', desk, { open: true, host: 'browser' } as const],
])('uses a browser when %s', (_why, circumstances, options) => {
  expect(chooseHost(options, circumstances)).toEqual({ host: 'browser' });
});

it('says why Electron cannot be had when it was asked for', () => {
  const options = { open: true, host: 'electron' } as const;
  expect(chooseHost(options, { ...desk, electron: null })).toEqual({ host: null, code: 'electron-missing' });
  expect(chooseHost(options, { ...desk, isRoot: true })).toEqual({ host: null, code: 'electron-as-root' });
});
