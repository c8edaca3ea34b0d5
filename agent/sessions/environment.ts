/** The environment of a new shell, as a login gives it. Nothing of the agent's own comes in but what is named here. */
import type { Account } from '../users/account.ts';

export interface UnixLogin {
  readonly account: Account;
  readonly shell: string;
  /** Null: there is no terminal. */
  readonly session: string | null;
  /** `LANG` and `LC_…`. */
  readonly locale: Readonly<Record<string, string>>;
  /** What /etc/environment sets for every login. */
  readonly system: Readonly<Record<string, string>>;
  /** The person's folder for sockets and the like, where the system made one. */
  readonly runtimeFolder: string | null;
}

const PATH = '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games';
const ROOT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Homebrew and the system's own; `path_helper` of the login shell adds the rest. */
const MAC_PATH = '/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';

export function unixEnvironment(login: UnixLogin, platform: NodeJS.Platform): Record<string, string> {
  const usualPath = login.account.uid === 0 ? ROOT_PATH : PATH;
  return {
    PATH: platform === 'darwin' ? MAC_PATH : usualPath,
    ...login.locale,
    ...login.system,
    ...(login.runtimeFolder === null ? {} : { XDG_RUNTIME_DIR: login.runtimeFolder }),
    HOME: login.account.home,
    USER: login.account.name,
    LOGNAME: login.account.name,
    SHELL: login.shell,
    ...terminal(login.session),
  };
}

const WINDOWS_NAMES =
  `ALLUSERSPROFILE APPDATA CommonProgramFiles CommonProgramFiles(x86) CommonProgramW6432 COMPUTERNAME
  ComSpec DriverData HOMEDRIVE HOMEPATH LOCALAPPDATA LOGONSERVER NUMBER_OF_PROCESSORS OneDrive OS Path PATHEXT
  PROCESSOR_ARCHITECTURE PROCESSOR_IDENTIFIER PROCESSOR_LEVEL PROCESSOR_REVISION ProgramData ProgramFiles
  ProgramFiles(x86) ProgramW6432 PSModulePath PUBLIC SystemDrive SystemRoot TEMP TMP USERDOMAIN USERNAME USERPROFILE
  windir`
    .toLowerCase()
    .split(/\s+/u);

/** Windows has no login shell that sets these again, so they come from the agent's environment, by name. */
export function windowsEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  session: string | null,
): Record<string, string> {
  const kept = Object.entries(own).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && WINDOWS_NAMES.includes(entry[0].toLowerCase()),
  );
  return { ...Object.fromEntries(kept), ...terminal(session) };
}

const terminal = (session: string | null): Record<string, string> =>
  session === null ? { TERM: 'dumb' } : { TERM: 'xterm-256color', COLORTERM: 'truecolor', WEBXTERM_SESSION: session };

/** /etc/environment and /etc/default/locale: `NAME=value` lines, `export`, quotes and comments allowed, as PAM reads them. */
export function parseAssignments(text: string): Record<string, string> {
  const found = text
    .split('\n')
    .map((line) => /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*?)\s*$/u.exec(line))
    .flatMap((match) => (match?.[1] === undefined ? [] : [[match[1], unquote(match[2] ?? '')] as const]));
  return Object.fromEntries(found);
}

function unquote(value: string): string {
  const quoted = /^(["'])(.*)\1$/u.exec(value);
  return quoted?.[2] ?? value.replace(/\s+#.*$/u, '');
}
