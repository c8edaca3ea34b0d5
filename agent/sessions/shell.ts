/** Which shell a session runs, and how it is told to be a login shell, or to run one command. */
import path from 'node:path';

/** Shells that take `-l`; others are started as they are. */
const LOGIN_FLAG = ['sh', 'bash', 'rbash', 'dash', 'ash', 'ksh', 'ksh93', 'mksh', 'zsh', 'fish', 'csh', 'tcsh', 'nu'];

export function loginArguments(shell: string): readonly string[] {
  const name = path.posix.basename(shell);
  if (name === 'pwsh') return ['-Login'];
  return LOGIN_FLAG.includes(name) ? ['-l'] : [];
}

/** One command and no terminal, with what a login gives; the C shells take their login flag alone only. */
export function commandArguments(shell: string, command: string): readonly string[] {
  const name = path.posix.basename(shell);
  if (name === 'pwsh') return ['-Login', '-NoLogo', '-NonInteractive', '-Command', command];
  return LOGIN_FLAG.includes(name) && !name.endsWith('csh') ? ['-l', '-c', command] : ['-c', command];
}

export interface ShellWish {
  /** A path or a name. */
  readonly asked: string | undefined;
  /** The account's own; empty where the system names none. */
  readonly login: string;
  /** Lines of /etc/shells; null where there is no such file. */
  readonly listed: readonly string[] | null;
}

/**
 * Paths to try, in order. An account whose own shell is not among the system's (a restricted or service account) gets no
 * other, as with `su`.
 */
export function shellCandidates({ asked, login, listed }: ShellWish): readonly string[] {
  const own = login === '' ? '/bin/sh' : login;
  if (asked === undefined || asked === own) return [own];
  if (listed !== null && !listed.includes(own)) return [];
  if (path.posix.isAbsolute(asked)) return [asked];
  if (asked.includes('/')) return [];
  const named = (listed ?? []).filter((shell) => path.posix.basename(shell) === asked);
  return [
    ...named,
    ...['/usr/local/bin', '/usr/bin', '/bin', '/opt/homebrew/bin'].map((folder) => `${folder}/${asked}`),
  ];
}

/** /etc/shells: one path a line, comments after `#`. */
export function parseShells(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*$/u, '').trim())
    .filter((line) => line !== '');
}

/** Paths to try on Windows, in order: PowerShell 7, the one every Windows has, the command prompt. */
export function windowsShellCandidates(
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const root = env['SystemRoot'] ?? env['SYSTEMROOT'] ?? String.raw`C:\Windows`;
  const folders = (env['Path'] ?? env['PATH'] ?? '').split(';').filter((folder) => folder !== '');
  const inFolders = (name: string) => folders.map((folder) => path.win32.join(folder, name));
  if (asked !== undefined) {
    const file = /\.[A-Za-z]+$/u.test(asked) ? asked : `${asked}.exe`;
    return path.win32.isAbsolute(file) ? [file] : inFolders(path.win32.basename(file));
  }
  return [
    ...inFolders('pwsh.exe'),
    path.win32.join(root, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe'),
    path.win32.join(root, 'System32', 'cmd.exe'),
  ];
}

export function windowsArguments(shell: string): readonly string[] {
  return isPowerShell(shell) ? ['-NoLogo'] : [];
}

export function windowsCommandArguments(shell: string, command: string): readonly string[] {
  return isPowerShell(shell) ? ['-NoLogo', '-NonInteractive', '-Command', command] : ['/d', '/s', '/c', command];
}

const isPowerShell = (shell: string) => /^(pwsh|powershell)(\.exe)?$/iu.test(path.win32.basename(shell));
