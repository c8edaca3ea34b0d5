/** Which rows a caller reaches: those of its organization, and of these the ones it may see. The one place with these rules. */
import {
  ColumnNode,
  ExpressionWrapper,
  ReferenceNode,
  TableNode,
  expressionBuilder,
  type Expression,
  type SqlBool,
} from 'kysely';
import type { Viewer } from './store.ts';
import type { Tables, TenantTables } from './tables.ts';

export interface Reach {
  readonly organizationId: string;
  /** Null: all of the organization. */
  readonly viewer: Viewer | null;
}

type Rule = (column: (name: string) => Expression<string>, reach: OwnReach) => Expression<SqlBool>;
interface OwnReach {
  readonly organizationId: string;
  readonly userId: string;
}
const eb = expressionBuilder<Tables>();

const nothing: Rule = () => eb.lit(false);
const itself: Rule = (column, { userId }) => eb(column('user_id'), '=', userId);
const onOwnMachine: Rule = (column, { organizationId, userId }) =>
  eb.exists(
    eb
      .selectFrom('machines as reached')
      .select('reached.id')
      .where('reached.organization_id', '=', organizationId)
      .where('reached.owner_id', '=', userId)
      .where(({ eb: on }) => on('reached.id', '=', column('machine_id'))),
  );
const granted: Rule = (column, { organizationId, userId }) =>
  eb.exists(
    eb
      .selectFrom('machine_grants as reached')
      .select('reached.user_id')
      .where('reached.organization_id', '=', organizationId)
      .where('reached.user_id', '=', userId)
      .where(({ eb: on }) => on('reached.machine_id', '=', column('id'))),
  );
const grantedToGroup: Rule = (column, { organizationId, userId }) =>
  eb.exists(
    eb
      .selectFrom('group_machines as reached')
      .innerJoin('group_members as member', 'member.group_id', 'reached.group_id')
      .select('reached.group_id')
      .where('reached.organization_id', '=', organizationId)
      .where('member.organization_id', '=', organizationId)
      .where('member.user_id', '=', userId)
      .where(({ eb: on }) => on('reached.machine_id', '=', column('id'))),
  );

const ofReachedSession: Rule = (column, reach) =>
  eb.exists(
    eb
      .selectFrom('sessions as shown')
      .select('shown.id')
      .where('shown.organization_id', '=', reach.organizationId)
      .where(({ eb: on }) => on('shown.id', '=', column('session_id')))
      .where(({ eb: on }) => on.or([itself(columnOf('shown'), reach), onOwnMachine(columnOf('shown'), reach)])),
  );

/** All of its organization. Who may change it is a matter of the row's access. */
const everything: Rule = () => eb.lit(true);

/** What a `user` sees of each table; admins see all of their organization. */
const rules: Readonly<Record<keyof TenantTables, Rule>> = {
  audit_heads: nothing,
  audit_entries: itself,
  audit_words: nothing,
  audit_checkpoints: nothing,
  users: everything,
  machines: (column, reach) =>
    eb.or([eb(column('owner_id'), '=', reach.userId), granted(column, reach), grantedToGroup(column, reach)]),
  registration_tokens: onOwnMachine,
  machine_grants: (column, reach) => eb.or([itself(column, reach), onOwnMachine(column, reach)]),
  groups: everything,
  group_members: everything,
  group_machines: everything,
  sessions: (column, reach) => eb.or([itself(column, reach), onOwnMachine(column, reach)]),
  commands: (column, reach) => eb.or([itself(column, reach), onOwnMachine(column, reach)]),
  command_logs: (column, reach) => eb.or([itself(column, reach), onOwnMachine(column, reach)]),
  recordings: ofReachedSession,
  issues: everything,
  fixes: everything,
  fix_likes: everything,
  uploads: everything,
  upload_uses: everything,
};
/** Written along with what they tell of, and never by hand. */
const ofTheChain: readonly string[] = [
  'audit_heads',
  'audit_entries',
  'audit_words',
  'audit_checkpoints',
] satisfies (keyof TenantTables)[];

function isReachable(table: string): table is keyof TenantTables {
  return Object.hasOwn(rules, table);
}
export function isWritable(table: string): boolean {
  return isReachable(table) && !ofTheChain.includes(table);
}

function columnOf(alias: string): (name: string) => Expression<string> {
  return (name) => new ExpressionWrapper(ReferenceNode.create(ColumnNode.create(name), TableNode.create(alias)));
}

/** The condition that keeps `table`, called `alias` in the query, within reach. Null: no organization has such a table. */
export function withinReach(
  table: string,
  alias: string,
  { organizationId, viewer }: Reach,
): Expression<SqlBool> | null {
  if (!isReachable(table)) return null;
  const column = columnOf(alias);
  const owned = eb(column('organization_id'), '=', organizationId);
  if (viewer?.role !== 'user') return owned;
  return eb.and([owned, rules[table](column, { organizationId, userId: viewer.userId })]);
}
