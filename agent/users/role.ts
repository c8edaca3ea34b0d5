/** Whose shell a session gets and what it may become, decided without touching the system: what cannot be enforced is refused. */
import type { MachineRole } from '../../protocol/wire/control.ts';
import type { Account } from './account.ts';

export interface Refusal {
  readonly ok: false;
  readonly code: 'role-not-enforceable';
  readonly message: string;
}
export type AccountChoice = { readonly ok: true; readonly name: string } | Refusal;

/** The agent's own setting wins over the server's; only root can run shells as somebody else. */
export function chooseAccount(choice: {
  readonly own: Account;
  readonly configured: string | null;
  readonly server: string | null;
}): AccountChoice {
  const wanted = choice.configured ?? choice.server;
  if (choice.own.uid === 0) {
    if (wanted !== null) return { ok: true, name: wanted };
    return refuse('This agent runs as root and was not told whose shells to open. Set the machine’s Linux user.');
  }
  if (wanted !== null && wanted !== choice.own.name) {
    return refuse(`Shells are to run as ${wanted}, but this agent runs as ${choice.own.name} and cannot change that.`);
  }
  return { ok: true, name: choice.own.name };
}

export type RoleDecision =
  | {
      readonly ok: true;
      readonly role: MachineRole;
      /** Arguments of `setpriv`, null when it is not needed. */ readonly setpriv: readonly string[] | null;
    }
  | Refusal;

/** `sudo` is given only where this agent was configured to allow it; else it counts as `non-sudo`. */
export function decideRole(wish: {
  readonly platform: NodeJS.Platform;
  readonly own: Account;
  readonly account: Account;
  readonly asked: MachineRole;
  readonly allowSudo: boolean;
}): RoleDecision {
  const { platform, own, account } = wish;
  const role = wish.asked === 'sudo' && wish.allowSudo ? 'sudo' : 'non-sudo';
  const otherUser = account.uid !== own.uid;
  if (role === 'sudo' && !otherUser) return { ok: true, role, setpriv: null };
  if (platform !== 'linux')
    return refuse('This system cannot keep a shell from gaining privileges. Allow sudo on the machine.');
  if (role === 'non-sudo' && account.uid === 0) return refuse('A shell of root cannot be kept from its privileges.');
  const user = otherUser
    ? [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--init-groups', '--inh-caps=-all']
    : [];
  return { ok: true, role, setpriv: role === 'non-sudo' ? [...user, '--no-new-privs'] : user };
}

const refuse = (message: string): Refusal => ({ ok: false, code: 'role-not-enforceable', message });
