/** What somebody signed in may read of its own account. */
import type { users } from '../../protocol/api/users.ts';
import type { GroupHandlers } from '../gateway/handlers.ts';
import type { Member } from '../gateway/caller.ts';
import { withGroups } from '../store/group-names.ts';
import { maskedKey, userShape } from './accounts.ts';

export function createUserHandlers(): GroupHandlers<typeof users> {
  return {
    async me(_input, caller) {
      const { tenantId, tenantName } = caller.account;
      const user = userShape(await withGroups(caller.home.read, await own(caller)), {
        slug: tenantId,
        display_name: tenantName,
      });
      return { status: 200, body: { user } };
    },
    async profile(_input, caller) {
      const row = await own(caller);
      const { id, username, email, avatar_url, created_at } = row;
      return { status: 200, body: { user: { id, username, email, avatar_url, created_at, api_key: maskedKey(row) } } };
    },
  };
}

async function own({ home, account }: Member) {
  return home.read.selectFrom('users').selectAll().where('id', '=', account.id).executeTakeFirstOrThrow();
}
