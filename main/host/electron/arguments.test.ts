import { expect, it } from 'vitest';
import { profileAmong } from './arguments.ts';

it.each([
  [['dist/electron/main.js', '--profile=/tmp/p'], '/tmp/p'],
  [['--profile', '/tmp/p', 'webxterm://machines'], '/tmp/p'],
  [['--ozone-platform=wayland', '--no-first-run'], null],
  [['--profile'], null],
  [[], null],
])('%j names the profile %j', (args, profile) => {
  expect(profileAmong(args)).toBe(profile);
});
