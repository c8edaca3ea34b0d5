/** What somebody signed in sees and changes of its own account. */
import type { profile } from '../../protocol/api/profile.ts';
import type { Bus } from '../bus/bus.ts';
import type { GroupHandlers } from '../gateway/handlers.ts';
import { hashSecret, KEY_PREFIX, newSecret } from '../store/secret.ts';
import { maskedKey } from './accounts.ts';
import { resetPassword, type ResetPasswordParts } from './reset-password.ts';

export interface ProfileParts extends ResetPasswordParts {
  readonly bus: Pick<Bus, 'publish'>;
}

export function createProfileHandlers(parts: ProfileParts): GroupHandlers<typeof profile> {
  return {
    async get(_input, { home, account }) {
      const row = await home.read
        .selectFrom('users')
        .select(['id', 'username', 'email', 'avatar_url', 'created_at', 'api_key_last4'])
        .where('id', '=', account.id)
        .executeTakeFirstOrThrow();
      const { api_key_last4: _last4, ...shown } = row;
      return { status: 200, body: { user: { ...shown, api_key: maskedKey(row) } } };
    },

    async regenerateKey(_input, { home, account, actor }) {
      const key = newSecret(KEY_PREFIX);
      const written = await home.write(actor, async (tx) => {
        const columns = { api_key_hash: hashSecret(key), api_key_last4: key.slice(-4) };
        await tx.updateTable('users').set(columns).where('id', '=', account.id).execute();
        // Whoever has the old key may have joined machines with it: what they prove themselves by dies with it.
        const joined = await tx
          .updateTable('machines')
          .set({ public_key: null, joined_by_key_of: null })
          .where('joined_by_key_of', '=', account.id)
          .returning('agent_id')
          .execute();
        const agents = joined.map(({ agent_id }) => agent_id);
        const audit = { action: 'api_key_regenerated', resource: account.id, detail: { machines: agents } };
        return { value: agents, audit };
      });
      if ('refuse' in written) return written;
      for (const agentId of written.value) {
        parts.bus.publish('machine.rekeyed', { organizationId: home.id, agentId });
        parts.bus.publish('machine.changed', { organizationId: home.id, agentId });
      }
      return { status: 200, body: { message: 'Keep this key: it is not shown again.', api_key: key } };
    },

    resetPassword: (input, caller) => resetPassword(parts, input, caller),
  };
}
