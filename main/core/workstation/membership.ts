/** Joining this computer to an organization, and taking it out: at the server and in the agent's folder. */
import type { Registration } from '../../../protocol/agent/folder.ts';
import { machines } from '../../../protocol/api/machines.ts';
import type { Result } from '../../../protocol/bridge/failure.ts';
import type { Settings } from '../../../protocol/bridge/settings.ts';
import type { Host } from '../../host/host.ts';
import type { Account } from '../accounts/account.ts';
import { isEncrypted, isLocal } from '../api/address.ts';
import { done } from '../outcome.ts';
import { configureAgent, unregisterAgent } from './agent-commands.ts';

export interface RegisterWish {
  readonly name: string;
  readonly linux_user?: string | undefined;
  readonly allow_sudo: boolean;
}
type Server = Pick<Account, 'address' | 'call'>;

export interface Membership {
  join(account: Server, wish: RegisterWish): Promise<Result<null>>;
  /** Without an account the server is not told. */
  leave(registration: Registration, account: Server | null): Promise<Result<null>>;
}
interface MembershipParts {
  readonly startAgent: Host['startAgent'];
  readonly folder: string;
  readonly network: () => Settings['network'];
}

export function createMembership({ startAgent, folder, network }: MembershipParts): Membership {
  return {
    async join(account, wish) {
      const linuxUser = wish.linux_user ?? null;
      const body = { name: wish.name, ...(linuxUser === null ? {} : { linux_user: linuxUser }) };
      const made = await account.call(machines.create, { body });
      if (!made.ok) return made;
      const { agent_id: agentId, registration_token: token } = made.value.machine;
      const joining = {
        host: account.address,
        token,
        name: wish.name,
        linuxUser,
        allowSudo: wish.allow_sudo,
        insecure: !isEncrypted(account.address) && !isLocal(account.address),
      };
      const joined = await configureAgent(startAgent, folder, joining, network());
      if (!joined.ok) await remove(account, agentId); // what never came is not left in the list
      return joined;
    },
    async leave(registration, account) {
      const removed = await (account === null ? null : remove(account, registration.agent_id));
      // first there, where it can fail: nothing is forgotten here that the server still shows
      if (removed?.ok === false && removed.failure.code !== 'not-found') return removed;
      const unregistered = await unregisterAgent(startAgent, folder, network());
      return unregistered.ok ? done : unregistered;
    },
  };
}

const remove = (account: Server, agentId: string) => account.call(machines.remove, { params: { agent_id: agentId } });
