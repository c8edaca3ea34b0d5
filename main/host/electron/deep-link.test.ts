import { expect, it } from 'vitest';
import { actionOfLink, linkAmong } from './deep-link.ts';

const agent = '3f2c8f6e-6f0a-4b3e-9a51-0c6b7c1d2e3f';

it.each([
  ['webxterm://machines', 'page.machines'],
  ['webxterm://settings/', 'page.settings'],
  [`webxterm://machines/${agent}`, `machine.show:${agent}`],
])('%s leads to %s', (link, action) => {
  expect(actionOfLink(link)).toBe(action);
});

it.each([
  'webxterm://',
  'webxterm://unknown',
  'webxterm://sign-out',
  `webxterm://machines/${agent}/open`,
  `webxterm://settings/${agent}`,
  'webxterm://machines/not-an-id',
  'webxterm://machines/../settings',
  'webxterm://machines?run=rm',
  'webxterm://machines#x',
  'https://machines/',
  'machines',
])('%s leads nowhere', (link) => {
  expect(actionOfLink(link)).toBeNull();
});

it('is found among the arguments of a second start', () => {
  expect(linkAmong(['/opt/webxterm', '--allow-file-access', `webxterm://machines/${agent}`])).toBe(
    `webxterm://machines/${agent}`,
  );
  expect(linkAmong(['/opt/webxterm', '--profile=webxterm'])).toBeNull();
});
