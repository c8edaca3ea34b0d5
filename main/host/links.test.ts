import { expect, it } from 'vitest';
import { outsideLink } from './links.ts';

it.each(['https://example.com/a?b#c', 'http://example.com/', 'mailto:ada@example.com'])('opens %s outside', (link) => {
  expect(outsideLink(link)).toBe(link);
});

it.each([
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,x',
  'webxterm://machines',
  'smb://server/share',
  'C:\\Windows\\System32\\calc.exe',
  '/usr/bin/xterm',
  '--version',
  '',
])('never opens %j', (link) => {
  expect(outsideLink(link)).toBeNull();
});
