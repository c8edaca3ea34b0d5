/** Finding the organization of a secret or a public id: the only lookups that go across organizations outside signing in. */
import type { Kysely } from 'kysely';
import type { Directory } from './store.ts';
import type { Tables } from './tables.ts';

export function createDirectory(reader: Kysely<Tables>): Directory {
  return {
    async byRegistrationToken(tokenHash) {
      const found = await reader
        .selectFrom('registration_tokens')
        .select(['organization_id as organizationId', 'machine_id as machineId'])
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      return found ?? null;
    },
    async byAgent(agentId) {
      const found = await reader
        .selectFrom('machines')
        .select(['organization_id as organizationId', 'id as machineId'])
        .where('agent_id', '=', agentId)
        .executeTakeFirst();
      return found ?? null;
    },
    async byApiKey(keyHash) {
      const found = await reader
        .selectFrom('users')
        .select(['organization_id as organizationId', 'id as userId'])
        .where('api_key_hash', '=', keyHash)
        .executeTakeFirst();
      return found ?? null;
    },
  };
}
