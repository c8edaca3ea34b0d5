/** Finding the organization of a secret or a public id: the only lookups that go across organizations outside signing in. */
import type { Kysely } from 'kysely';
import type { Directory } from './store.ts';
import type { Tables } from './tables.ts';

export function createDirectory(reader: Kysely<Tables>): Directory {
  return {
    async byRegistrationToken(tokenHash) {
      const found = await reader
        .selectFrom('registration_tokens')
        .innerJoin('organizations', 'organizations.id', 'registration_tokens.organization_id')
        .select(['organization_id as organizationId', 'disabled_at'])
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      return found ? located(found) : null;
    },
    async byAgent(agentId) {
      const found = await reader
        .selectFrom('machines')
        .innerJoin('organizations', 'organizations.id', 'machines.organization_id')
        .select(['organization_id as organizationId', 'disabled_at'])
        .where('agent_id', '=', agentId)
        .executeTakeFirst();
      return found ? located(found) : null;
    },
    async byApiKey(keyHash) {
      const found = await reader
        .selectFrom('users')
        .innerJoin('organizations', 'organizations.id', 'users.organization_id')
        .select(['organization_id as organizationId', 'users.id as userId', 'organizations.disabled_at'])
        .where('api_key_hash', '=', keyHash)
        .executeTakeFirst();
      return found ? { ...located(found), userId: found.userId } : null;
    },
    async byUser(userId) {
      const found = await reader
        .selectFrom('users')
        .select(['id', 'organization_id as organizationId', 'role', 'machine_role as machineRole'])
        .where('id', '=', userId)
        .where('disabled_at', 'is', null)
        .executeTakeFirst();
      return found ?? null;
    },
    async sessionsOf(userId) {
      return reader
        .selectFrom('sessions')
        .select(['id', 'organization_id as organizationId', 'agent_id as agentId', 'machine_role as machineRole'])
        .where('user_id', '=', userId)
        .where('ended_at', 'is', null)
        .execute();
    },
    async commandsOf(userId) {
      return reader
        .selectFrom('commands')
        .select(['id', 'organization_id as organizationId', 'agent_id as agentId', 'machine_role as machineRole'])
        .where('user_id', '=', userId)
        .where('state', '=', 'sent')
        .execute();
    },
    async usersWithRunning() {
      const found = await reader
        .selectFrom('sessions')
        .select('user_id')
        .where('ended_at', 'is', null)
        .union(reader.selectFrom('commands').select('user_id').where('state', '=', 'sent'))
        .execute();
      return found.map((row) => row.user_id);
    },
  };
}

interface Found {
  readonly organizationId: string;
  readonly disabled_at: string | null;
}
function located({ organizationId, disabled_at }: Found): { organizationId: string; isOpen: boolean } {
  return { organizationId, isOpen: disabled_at === null };
}
