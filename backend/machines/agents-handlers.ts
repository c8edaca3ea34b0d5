/** How an agent joins: by the registration token of a machine, or by the API key of the person who will own it. */
import type { agents } from '../../protocol/api/agents.ts';
import type { Input } from '../../protocol/api/row.ts';
import type { Bus } from '../bus/bus.ts';
import { limitedBy } from '../gateway/address.ts';
import type { Visitor } from '../gateway/caller.ts';
import type { GroupHandlers } from '../gateway/handlers.ts';
import type { Refusals } from '../store/refusals.ts';
import { hashSecret } from '../store/secret.ts';
import { PLATFORM, type Actor, type Refused, type Store, type Writes, type Written } from '../store/store.ts';
import type { TenantTables } from '../store/tables.ts';
import { count, waitingS } from '../store/throttle.ts';
import { addMachineRow } from './add-machine.ts';
import type { MachineSettings } from './settings.ts';

interface Parts {
  readonly store: Pick<Store, 'directory' | 'organization' | 'platform'>;
  readonly refusals: Pick<Refusals, 'note'>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly now: () => number;
  readonly newObjectId: () => string;
  readonly newUuid: () => string;
  readonly settings: Pick<MachineSettings, 'heartbeatS'>;
}
type Registration = Input<(typeof agents)['register']>['body'];
interface Joined {
  readonly agentId: string;
  readonly organizationId: string;
  /** It had joined before: what holds the old key has to go. */
  readonly hadKey: boolean;
}

/** Tokens are too long to guess; whoever tries all the same, or goes on with a dead one, is slowed down. */
const DEAD: Refused = { refuse: { code: 'registration-token-dead' } };

export function registerHandler(parts: Parts): GroupHandlers<typeof agents>['register'] {
  return async ({ body }, visitor) => {
    const { platform } = parts.store;
    const who = { token: hashSecret(body.token), joining: limitedBy(visitor.address) };
    const retryAfterS = await waitingS(platform.read, who, parts.now());
    if (retryAfterS > 0) return { refuse: { code: 'slow-down', retryAfterS } };
    const joined = await join(parts, body, visitor);
    if ('refuse' in joined) {
      await platform.upkeep((tx) => count(tx, who, parts.now()));
      return joined;
    }
    const { agentId, organizationId, hadKey } = joined.value;
    if (hadKey) parts.bus.publish('machine.rekeyed', { organizationId, agentId });
    parts.bus.publish('machine.changed', { organizationId, agentId });
    const tenantId = await slugOf(parts.store, organizationId);
    return { status: 201, body: { agent_id: agentId, tenant_id: tenantId, heartbeat_s: parts.settings.heartbeatS } };
  };
}

/** Whichever kind of token it was, and whatever is wrong with it: a dead one gets one answer. */
async function join(parts: Parts, body: Registration, visitor: Visitor): Promise<Written<Joined>> {
  const { directory } = parts.store;
  const tokenHash = hashSecret(body.token);
  const machine = await directory.byRegistrationToken(tokenHash);
  const owner = machine ? null : await directory.byApiKey(tokenHash);
  const { organizationId, isOpen } = machine ?? owner ?? NOBODYS;
  const joinIt = (): Promise<Written<Joined>> =>
    owner ? joinByKey(parts, owner, body, visitor) : joinByToken(parts, { organizationId, tokenHash }, body, visitor);
  const joined = isOpen ? await joinIt() : DEAD;
  if ('refuse' in joined) await noteDead(parts, organizationId, body, visitor);
  return joined;
}

const NOBODYS = { organizationId: PLATFORM.id, isOpen: false };

/** Whose token it was learns that somebody still has it; the platform, where it was nobody's. */
async function noteDead(
  { refusals }: Pick<Parts, 'refusals'>,
  organizationId: string,
  { hostname, os, agent_version }: Registration,
  visitor: Visitor,
): Promise<void> {
  await refusals.note({
    organizationId,
    actor: visitorAsActor(visitor),
    action: 'agent_joined',
    status: 'failure',
    detail: { code: DEAD.refuse.code, hostname, os, agent_version },
  });
}

async function joinByToken(
  parts: Parts,
  { organizationId, tokenHash }: { readonly organizationId: string; readonly tokenHash: string },
  body: Registration,
  visitor: Visitor,
): Promise<Written<Joined>> {
  const at = new Date(parts.now()).toISOString();
  return parts.store.organization(organizationId).write(visitorAsActor(visitor), async (tx) => {
    const used = await tx
      .updateTable('registration_tokens')
      .set({ used_at: at })
      .where('token_hash', '=', tokenHash)
      .where('used_at', 'is', null)
      .where('expires_at', '>', at)
      .returning('machine_id')
      .executeTakeFirst();
    if (!used) return DEAD;
    const machine = await tx
      .selectFrom('machines')
      .select(['agent_id', 'public_key'])
      .where('id', '=', used.machine_id)
      .executeTakeFirstOrThrow();
    await giveKey(tx, used.machine_id, body, { at, address: visitor.address, keyOf: null });
    return {
      value: { agentId: machine.agent_id, organizationId, hadKey: machine.public_key !== null },
      audit: joinedNote(machine.agent_id, body, 'registration-token'),
    };
  });
}

async function joinByKey(
  parts: Parts,
  owner: { readonly organizationId: string; readonly userId: string },
  body: Registration,
  visitor: Visitor,
): Promise<Written<Joined>> {
  const at = new Date(parts.now()).toISOString();
  const { organizationId, userId } = owner;
  const organization = parts.store.organization(organizationId);
  const user = await organization.read
    .selectFrom('users')
    .select('username')
    .where('id', '=', userId)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  if (!user) return DEAD;
  const actor = { ...visitorAsActor(visitor), userId, username: user.username };
  return organization.write(actor, async (tx) => {
    const wish = { name: body.name ?? (body.hostname || 'unnamed'), ownerId: userId };
    const { machineId, agentId, note } = await addMachineRow(tx, wish, parts);
    await giveKey(tx, machineId, body, { at, address: visitor.address, keyOf: userId });
    const value = { agentId, organizationId, hadKey: false };
    return { value, audit: note, alsoAudit: [joinedNote(agentId, body, 'api-key')] };
  });
}

async function giveKey(
  tx: Writes<TenantTables>,
  machineId: string,
  body: Registration,
  { at, address, keyOf }: { readonly at: string; readonly address: string; readonly keyOf: string | null },
): Promise<void> {
  await tx
    .updateTable('machines')
    .set({
      public_key: body.public_key,
      joined_at: at,
      joined_by_key_of: keyOf,
      hostname: body.hostname,
      os: body.os,
      arch: body.arch,
      agent_version: body.agent_version,
      metadata: JSON.stringify(body.metadata ?? {}),
      ip_address: address,
      ...(body.linux_user !== undefined && { linux_user: body.linux_user }), // the agent's own wins
    })
    .where('id', '=', machineId)
    .execute();
}

function joinedNote(agentId: string, body: Registration, by: 'registration-token' | 'api-key') {
  const detail = { by, hostname: body.hostname, os: body.os, agent_version: body.agent_version };
  return { action: 'agent_joined', resource: agentId, detail };
}

/** Nobody is signed in here: what is known is where it came from. */
function visitorAsActor({ address, userAgent }: Visitor): Actor {
  return { userId: null, username: null, address, userAgent, source: null };
}

async function slugOf(store: Pick<Store, 'platform'>, organizationId: string): Promise<string> {
  const { slug } = await store.platform.read
    .selectFrom('organizations')
    .select('slug')
    .where('id', '=', organizationId)
    .executeTakeFirstOrThrow();
  return slug;
}
