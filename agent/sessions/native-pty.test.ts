/** Where the compiled part of node-pty and what it needs lie. */
import { describe, expect, it } from 'vitest';
import { spawnHelper } from './native-pty.ts';

const resolve = (name: string) => `/opt/App.app/Contents/Resources/app.asar/node_modules/${name}/lib/index.js`;

describe('spawnHelper', () => {
  it('lies outside of a packed app, where the system can run it', () => {
    expect(spawnHelper('darwin', 'arm64', resolve)).toBe(
      '/opt/App.app/Contents/Resources/app.asar.unpacked/node_modules/@lydell/node-pty-darwin-arm64/prebuilds/darwin-arm64/spawn-helper',
    );
  });

  it('is needed on macOS only', () => {
    expect(spawnHelper('linux', 'x64', resolve)).toBe('');
  });
});
