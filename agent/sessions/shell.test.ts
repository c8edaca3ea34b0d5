/** Which shell a session runs. */
import { describe, expect, it } from 'vitest';
import { loginArguments, parseShells, shellCandidates, windowsArguments, windowsShellCandidates } from './shell.ts';

const listed = ['/bin/sh', '/bin/bash', '/usr/bin/fish'];

describe('on Linux and macOS', () => {
  it('is the account’s own, else the system’s', () => {
    expect(shellCandidates({ asked: undefined, login: '/bin/bash', listed })).toEqual(['/bin/bash']);
    expect(shellCandidates({ asked: undefined, login: '', listed })).toEqual(['/bin/sh']);
  });

  it('may be another, by path or by name', () => {
    expect(shellCandidates({ asked: '/opt/nu', login: '/bin/bash', listed })).toEqual(['/opt/nu']);
    expect(shellCandidates({ asked: 'fish', login: '/bin/bash', listed })[0]).toBe('/usr/bin/fish');
  });

  it('is no relative path: it would depend on where the agent was started', () => {
    expect(shellCandidates({ asked: './evil', login: '/bin/bash', listed })).toEqual([]);
  });

  it('of a restricted or service account is only its own', () => {
    expect(shellCandidates({ asked: '/bin/bash', login: '/bin/rbash', listed })).toEqual([]);
    expect(shellCandidates({ asked: 'bash', login: '/usr/sbin/nologin', listed })).toEqual([]);
    expect(shellCandidates({ asked: undefined, login: '/usr/sbin/nologin', listed })).toEqual(['/usr/sbin/nologin']);
  });

  it('starts as a login shell where it knows how', () => {
    expect(loginArguments('/usr/bin/zsh')).toEqual(['-l']);
    expect(loginArguments('/opt/microsoft/pwsh')).toEqual(['-Login']);
    expect(loginArguments('/usr/sbin/nologin')).toEqual([]);
  });

  it('reads the list of shells', () => {
    expect(parseShells('# /etc/shells\n/bin/sh\n\n/bin/bash # usual\n')).toEqual(['/bin/sh', '/bin/bash']);
  });
});

describe('on Windows', () => {
  const env = { SystemRoot: 'D:\\Win', Path: 'C:\\Program Files\\PowerShell\\7;D:\\Win' };

  it('is PowerShell 7, else the one every Windows has, else the command prompt', () => {
    expect(windowsShellCandidates(undefined, env)).toEqual([
      'C:\\Program Files\\PowerShell\\7\\pwsh.exe',
      'D:\\Win\\pwsh.exe',
      'D:\\Win\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
      'D:\\Win\\System32\\cmd.exe',
    ]);
  });

  it('may be another, by path or by name', () => {
    expect(windowsShellCandidates('C:\\tools\\nu.exe', env)).toEqual(['C:\\tools\\nu.exe']);
    expect(windowsShellCandidates('cmd', env)).toEqual([
      'C:\\Program Files\\PowerShell\\7\\cmd.exe',
      'D:\\Win\\cmd.exe',
    ]);
    expect(windowsShellCandidates('..\\evil', env)).toEqual([
      'C:\\Program Files\\PowerShell\\7\\evil.exe',
      'D:\\Win\\evil.exe',
    ]);
  });

  it('greets nobody', () => {
    expect(windowsArguments('C:\\x\\PowerShell.exe')).toEqual(['-NoLogo']);
    expect(windowsArguments('C:\\x\\cmd.exe')).toEqual([]);
  });
});
