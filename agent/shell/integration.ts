/** Which shells can tell what they run, and how they are started so that they do: with an init file beside the person's own. */
import path from 'node:path';
import { bashInit } from './bash.ts';
import { fishInit } from './fish.ts';
import { powershellInit } from './powershell.ts';
import { quoted } from './script.ts';
import { zshInit } from './zsh.ts';

export type TellingShell = 'bash' | 'zsh' | 'fish' | 'powershell';

/** Null: it is started as it is, and what is typed is all there is to know. */
export function tellingShell(shell: string, platform: NodeJS.Platform): TellingShell | null {
  const isWindows = platform === 'win32';
  const name = isWindows
    ? path.win32
        .basename(shell)
        .toLowerCase()
        .replace(/\.exe$/u, '')
    : path.posix.basename(shell);
  switch (name) {
    case 'bash':
      // The one of macOS reads no file in POSIX mode, so it would read none at all.
      return isWindows || (platform === 'darwin' && shell === '/bin/bash') ? null : 'bash';
    case 'zsh':
    case 'fish':
      return isWindows ? null : name;
    case 'pwsh':
    case 'powershell':
      return 'powershell';
    default:
      return null;
  }
}

type Env = Readonly<Record<string, string>>;

export interface InitFile {
  readonly name: string;
  readonly text: string;
}

/** `env`: what the shell would have been started with. */
export function initFile(shell: TellingShell, nonce: string, env: Env): InitFile {
  switch (shell) {
    case 'bash':
      return { name: 'init.bash', text: bashInit(nonce, env['ENV']) };
    case 'zsh':
      return { name: '.zshenv', text: zshInit(nonce, env['ZDOTDIR']) };
    case 'fish':
      return { name: 'init.fish', text: fishInit(nonce) };
    case 'powershell':
      return { name: 'init.ps1', text: powershellInit(nonce) };
  }
}

export interface Started {
  readonly args: readonly string[];
  readonly env: Env;
}

/** `file`: where the init file lies. */
export function withInitFile(shell: TellingShell, file: string, { args, env }: Started): Started {
  switch (shell) {
    case 'bash':
      return { args: ['--posix', ...args], env: { ...env, ENV: file } };
    case 'zsh':
      return { args, env: { ...env, ZDOTDIR: path.posix.dirname(file) } };
    case 'fish':
      return { args: [...args, '--init-command', `source ${quoted(file)}`], env };
    case 'powershell':
      // Its text, not the file: a policy may forbid files.
      return {
        args: [
          ...args,
          '-NoExit',
          '-Command',
          `Invoke-Expression (Get-Content -Raw -LiteralPath '${file.replaceAll("'", "''")}')`,
        ],
        env,
      };
  }
}
