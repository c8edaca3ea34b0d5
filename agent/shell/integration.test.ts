/** Which shells are made to tell what they run, and how they are started for it. */
import { describe, expect, it } from 'vitest';
import { initFile, tellingShell, withInitFile } from './integration.ts';

describe('a shell that can tell what it runs', () => {
  it.each([
    ['/bin/bash', 'linux', 'bash'],
    ['/usr/local/bin/zsh', 'linux', 'zsh'],
    ['/usr/bin/fish', 'darwin', 'fish'],
    ['/opt/homebrew/bin/bash', 'darwin', 'bash'],
    ['/bin/bash', 'darwin', null], // it reads no file in POSIX mode
    ['/bin/sh', 'linux', null],
    ['/bin/rbash', 'linux', null],
    ['/opt/microsoft/pwsh', 'linux', 'powershell'],
    [String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\PowerShell.EXE`, 'win32', 'powershell'],
    [String.raw`C:\Windows\System32\cmd.exe`, 'win32', null],
    [String.raw`C:\Program Files\Git\bin\bash.exe`, 'win32', null],
  ] as const)('%s on %s: %s', (shell, platform, telling) => {
    expect(tellingShell(shell, platform)).toBe(telling);
  });

  it('is started as it was, with its file in addition', () => {
    const plain = { args: ['-l'], env: { HOME: '/home/ann' } };
    expect(withInitFile('bash', '/tmp/x/init.bash', plain)).toEqual({
      args: ['--posix', '-l'],
      env: { HOME: '/home/ann', ENV: '/tmp/x/init.bash' },
    });
    expect(withInitFile('zsh', '/tmp/x/.zshenv', plain)).toEqual({
      args: ['-l'],
      env: { HOME: '/home/ann', ZDOTDIR: '/tmp/x' },
    });
    expect(withInitFile('fish', '/tmp/x y/init.fish', plain).args).toEqual([
      '-l',
      '--init-command',
      "source '/tmp/x y/init.fish'",
    ]);
    expect(withInitFile('powershell', String.raw`C:\It's\init.ps1`, { args: ['-NoLogo'], env: {} }).args).toEqual([
      '-NoLogo',
      '-NoExit',
      '-Command',
      String.raw`Invoke-Expression (Get-Content -Raw -LiteralPath 'C:\It''s\init.ps1')`,
    ]);
  });

  it('gives back what the login had set where the file had to stand', () => {
    expect(initFile('bash', 'n', { ENV: "/it's" }).text).toContain(String.raw`builtin export ENV='/it'\''s'`);
    expect(initFile('bash', 'n', {}).text).toContain('builtin unset -v ENV');
    expect(initFile('zsh', 'n', { ZDOTDIR: '/z' }).text).toContain("builtin export ZDOTDIR='/z'");
    expect(initFile('zsh', 'n', {}).text).toContain('builtin unset ZDOTDIR');
  });
});
