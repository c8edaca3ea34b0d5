/** From the service's wish for a session to the command that runs it: whose shell, which, where, with what environment. */
import type { MachineRole } from '../../protocol/wire/control.ts';
import { initFile, tellingShell, withInitFile, type InitFile } from '../shell/integration.ts';
import type { PlacedFile } from '../shell/place.ts';
import type { Account } from '../users/account.ts';
import { chooseAccount, decideRole } from '../users/role.ts';
import type { Launch } from './effect.ts';
import { parseAssignments, unixEnvironment, windowsEnvironment } from './environment.ts';
import { utf8Locale } from './locale.ts';
import type { Command } from './pty.ts';
import {
  commandArguments,
  loginArguments,
  parseShells,
  shellCandidates,
  windowsArguments,
  windowsCommandArguments,
  windowsShellCandidates,
} from './shell.ts';

/** What is asked of this computer before a shell starts. */
export interface LaunchSystem {
  readonly platform: NodeJS.Platform;
  readonly own: Account;
  /** The agent's own environment; only what `environment.ts` names goes on. */
  readonly env: Readonly<Record<string, string | undefined>>;
  findAccount(name: string): Promise<Account | null>;
  /** Null when it is not there or cannot be read. */
  readText(file: string): Promise<string | null>;
  isExecutable(file: string): Promise<boolean>;
  /** A folder that this account can enter. */
  isFolder(folder: string): Promise<boolean>;
  /** What `locale -a` lists, null where that does not work. */
  installedLocales(): Promise<readonly string[] | null>;
  /** Where only that account reads it. Null: there is no place for it. */
  placeInitFile(file: InitFile, account: Account): Promise<PlacedFile | null>;
  newNonce(): string;
  /** Path of a `setpriv` that does this here; null when there is none, or it cannot. */
  findSetpriv(args: readonly string[]): Promise<string | null>;
}

/** A shell that tells what it runs: by which nonce, and what it needs until it has begun. */
export interface Telling {
  readonly nonce: string;
  readonly remove: PlacedFile['remove'];
}

/** A shell in a terminal, or one command without. */
export interface LaunchWish extends Pick<Launch, 'machine_role' | 'shell' | 'cwd'> {
  readonly session_id?: string;
  readonly command?: string;
}

export interface LaunchSettings {
  readonly linuxUser: string | null;
  /** What the service says; the agent's own setting wins. */
  readonly serverLinuxUser: string | null;
  readonly allowSudo: boolean;
}
export type LaunchRefusal = {
  readonly ok: false;
  readonly code: 'role-not-enforceable' | 'user-not-found' | 'shell-not-found';
  readonly message: string;
};
export type LaunchPlan =
  | {
      readonly ok: true;
      readonly command: Command;
      readonly role: MachineRole;
      /** Null: this shell does not tell what it runs. */
      readonly telling: Telling | null;
    }
  | LaunchRefusal;

export async function planLaunch(
  wish: LaunchWish,
  settings: LaunchSettings,
  system: LaunchSystem,
): Promise<LaunchPlan> {
  const chosen = await findChosenAccount(settings, system);
  if (!chosen.ok) return chosen;
  const { account } = chosen;
  const decision = decideRole({
    platform: system.platform,
    own: system.own,
    account,
    asked: wish.machine_role,
    allowSudo: settings.allowSudo,
  });
  if (!decision.ok) return decision;
  const setpriv = decision.setpriv === null ? null : await system.findSetpriv(decision.setpriv);
  if (decision.setpriv !== null && setpriv === null) return noSetpriv;
  const shell = await findShell(wish.shell, account, system);
  if (shell === null) return { ok: false, code: 'shell-not-found', message: `${account.name} has no such shell here.` };

  const start = { wish, account, shell, system };
  const { plain, telling } = await tell(
    start,
    await (system.platform === 'win32' ? windowsCommand : unixCommand)(start),
  );
  const command = setpriv === null ? plain : throughSetpriv({ setpriv, args: decision.setpriv ?? [], plain, wish });
  return { ok: true, role: decision.role, command, telling };
}

const noSetpriv: LaunchRefusal = {
  ok: false,
  code: 'role-not-enforceable',
  message:
    'The program setpriv (of util-linux) is not there or may not do its work, and without it no role can be kept.',
};

async function findChosenAccount(
  settings: LaunchSettings,
  system: LaunchSystem,
): Promise<{ readonly ok: true; readonly account: Account } | LaunchRefusal> {
  const choice = chooseAccount({ own: system.own, configured: settings.linuxUser, server: settings.serverLinuxUser });
  if (!choice.ok) return choice;
  if (choice.name === system.own.name) return { ok: true, account: system.own };
  const account = await system.findAccount(choice.name);
  if (account !== null) return { ok: true, account };
  return { ok: false, code: 'user-not-found', message: `This machine has no account ${choice.name}.` };
}

async function findShell(asked: string | undefined, account: Account, system: LaunchSystem): Promise<string | null> {
  const candidates =
    system.platform === 'win32'
      ? windowsShellCandidates(asked, system.env)
      : shellCandidates({ asked, login: account.shell, listed: await listedShells(system) });
  for (const candidate of candidates) {
    if (await system.isExecutable(candidate)) return candidate;
  }
  return null;
}

async function listedShells(system: LaunchSystem): Promise<readonly string[] | null> {
  const text = await system.readText('/etc/shells');
  return text === null ? null : parseShells(text);
}

interface Start {
  readonly wish: LaunchWish;
  readonly account: Account;
  readonly shell: string;
  readonly system: LaunchSystem;
}

async function unixCommand({ wish, account, shell, system }: Start): Promise<Command> {
  const own = account.uid === system.own.uid;
  const runtimeFolder = `/run/user/${account.uid}`;
  const env = unixEnvironment(
    {
      account,
      shell,
      session: wish.session_id ?? null,
      locale: await findLocale(own, system),
      system: parseAssignments((await system.readText('/etc/environment')) ?? ''),
      runtimeFolder: (await system.isFolder(runtimeFolder)) ? runtimeFolder : null,
    },
    system.platform,
  );
  // Another account's folder is entered by that account, in `throughSetpriv`: this one may see more than that one may.
  const folders = own && wish.cwd !== undefined ? [wish.cwd, account.home] : [account.home];
  return { ...unixProgram(shell, wish.command), env, cwd: (await firstFolder(folders, system)) ?? '/' };
}

/** What a command says on either output is one stream, in its order. */
function unixProgram(shell: string, command: string | undefined): Pick<Command, 'file' | 'args'> {
  if (command === undefined) return { file: shell, args: loginArguments(shell) };
  return { file: '/bin/sh', args: ['-c', 'exec "$@" 2>&1', 'sh', shell, ...commandArguments(shell, command)] };
}

/** Where the shell can, it is started so that it tells what it runs. */
async function tell({ wish, account, shell, system }: Start, plain: Command) {
  const kind = wish.command === undefined ? tellingShell(shell, system.platform) : null;
  if (kind === null) return { plain, telling: null };
  const nonce = system.newNonce();
  const placed = await system.placeInitFile(initFile(kind, nonce, plain.env), account);
  if (placed === null) return { plain, telling: null };
  const telling: Telling = { nonce, remove: placed.remove };
  return { plain: { ...plain, ...withInitFile(kind, placed.path, plain) }, telling };
}

async function windowsCommand({ wish, account, shell, system }: Start): Promise<Command> {
  const folders = wish.cwd === undefined ? [account.home] : [wish.cwd, account.home];
  return {
    file: shell,
    args: wish.command === undefined ? windowsArguments(shell) : windowsCommandArguments(shell, wish.command),
    env: windowsEnvironment(system.env, wish.session_id ?? null),
    cwd: (await firstFolder(folders, system)) ?? String.raw`C:\ `.trim(),
  };
}

async function findLocale(own: boolean, system: LaunchSystem): Promise<Record<string, string>> {
  const files = await Promise.all(['/etc/locale.conf', '/etc/default/locale'].map((file) => system.readText(file)));
  const ofSystem = files.map((text) => parseAssignments(text ?? ''));
  const ofPerson = own
    ? Object.entries(system.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
    : [];
  return utf8Locale({
    chosen: [Object.fromEntries(ofPerson), ...ofSystem],
    installed: await system.installedLocales(),
  });
}

async function firstFolder(folders: readonly string[], system: LaunchSystem): Promise<string | null> {
  for (const folder of folders) {
    if (await system.isFolder(folder)) return folder;
  }
  return null;
}

function throughSetpriv(through: {
  readonly setpriv: string;
  readonly args: readonly string[];
  readonly plain: Command;
  readonly wish: LaunchWish;
}): Command {
  const { setpriv, args, plain, wish } = through;
  const shell = [plain.file, ...plain.args];
  const start =
    wish.cwd === undefined || wish.cwd === plain.cwd
      ? shell
      : ['/bin/sh', '-c', 'cd -- "$1" 2>/dev/null; shift; exec "$@"', 'sh', wish.cwd, ...shell];
  return { ...plain, file: setpriv, args: [...args, '--', ...start] };
}
