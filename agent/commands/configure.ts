/** `configure`: joins this computer to an organization. */
import path from 'node:path';
import { linuxUser } from '../../protocol/api/machines.ts';
import { findHolder } from '../config/lock.ts';
import { loadConfig, saveConfig, type AgentConfig } from '../config/config.ts';
import { preparePrivateFolder } from '../config/private-file.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { parseAddress } from '../net/address.ts';
import { register } from '../register.ts';
import { findAccount, ownAccount } from '../users/account.ts';
import { fail, type Program } from './program.ts';
import type { ReadToken } from './token.ts';

export interface ConfigureWish {
  readonly host: string;
  readonly name?: string | undefined;
  readonly linuxUser?: string | undefined;
  readonly allowSudo: boolean;
  readonly ca?: string | undefined;
  readonly insecure: boolean;
}

type Problem = { readonly ok: false; readonly code: ExitCode; readonly message: string };
type Ready = { readonly ok: true; readonly origin: string; readonly former: AgentConfig | null };

/** The token is asked for last: what is wrong before costs no token. */
export async function configure(
  folder: string,
  wish: ConfigureWish,
  token: () => Promise<ReadToken>,
  program: Program,
): Promise<ExitCode> {
  const ready = await prepare(folder, wish, program);
  if (!ready.ok) return fail(program, ready.code, ready.message);
  const read = await token();
  if (!read.ok) return fail(program, read.code === 'cancelled' ? EXIT.failed : EXIT.usage, read.message);
  const ca = wish.ca === undefined ? null : path.resolve(wish.ca);
  const registered = await register({ ...wish, host: ready.origin, token: read.token, ca }, program);
  if (!registered.ok) return fail(program, EXIT.failed, `Not registered. ${registered.message}`);
  await saveConfig(folder, registered.config);

  const { former } = ready;
  if (former !== null) program.say(`This replaces the registration of ${former.name} at ${former.host}.`);
  program.say(`This computer is registered as ${registered.config.name} at ${registered.config.host}.`);
  warn(registered.config, program);
  program.say('Start its agent with: webxterm-agent start');
  return EXIT.done;
}

async function prepare(folder: string, wish: ConfigureWish, program: Program): Promise<Ready | Problem> {
  const address = parseAddress(wish.host, wish.insecure);
  if (!address.ok) return { ok: false, code: EXIT.usage, message: address.message };
  const userProblem = await findUserProblem(wish.linuxUser);
  if (userProblem !== null) return { ok: false, code: EXIT.usage, message: userProblem };
  const prepared = await preparePrivateFolder(folder);
  if (!prepared.ok) return { ok: false, code: EXIT.failed, message: prepared.message };
  const running = await findHolder(folder, program.platform);
  if (running !== null) {
    const message = `An agent runs from ${folder} (process ${running.pid}). Stop it first.`;
    return { ok: false, code: EXIT.alreadyRunning, message };
  }
  const former = await loadConfig(folder, program.now());
  if (former.ok) return { ok: true, origin: address.origin, former: former.config };
  if (former.code !== 'not-configured') program.complain(former.message);
  return { ok: true, origin: address.origin, former: null };
}

async function findUserProblem(name: string | undefined): Promise<string | null> {
  if (name === undefined) return null;
  const own = ownAccount();
  if (!linuxUser.safeParse(name).success) return `“${name}” cannot be a user of this computer.`;
  if (name === own.name) return null;
  if (own.uid !== 0) return `Only root can open shells as ${name}: run this as root, or leave --linux-user away.`;
  return (await findAccount(name)) === null ? `This computer has no user ${name}.` : null;
}

function warn(config: AgentConfig, program: Program): void {
  if (ownAccount().uid === 0 && config.linux_user === null) {
    program.complain(
      'It runs as root and no --linux-user is given: it refuses shells until the machine’s Linux user is set.',
    );
  }
  if (config.insecure && config.host.startsWith('http:')) {
    program.complain('The connection is not encrypted: who is on the way reads and types along.');
  }
  if (program.platform !== 'linux' && !config.allow_sudo) {
    program.complain(
      'This system cannot keep a shell from gaining privileges: without --allow-sudo it refuses every shell.',
    );
  }
}
