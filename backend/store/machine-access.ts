/** What somebody may be on a machine: who owns it, and admins, what they are by themselves; others, the highest that was granted. */
import type { Expression } from 'kysely';
import type { PortalRole } from '../../protocol/api/values.ts';
import type { MachineRole } from '../../protocol/wire/control.ts';
import { isMachine } from './machine-ids.ts';
import { prepared, type ValueOf } from './prepared.ts';
import type { Reads } from './store.ts';
import type { TenantTables } from './tables.ts';

export interface Person {
  readonly id: string;
  readonly role: PortalRole;
  readonly machineRole: MachineRole;
}
/** By its agent's id, or by either of its two. */
export type NamedMachine = { readonly agent_id: string } | { readonly machine_id: string };
export interface MachineAccess {
  readonly id: string;
  readonly agentId: string;
  readonly name: string;
  readonly ownerId: string;
  /** It is this person's own, or this person is an admin. */
  readonly owns: boolean;
  readonly machineRole: MachineRole;
}

/** `read` shows no machine that this person neither owns nor was granted, unless it is an admin. Null: there is no such machine for it. */
export async function machineAccess(
  read: Reads<TenantTables>,
  person: Person,
  named: NamedMachine,
): Promise<MachineAccess | null> {
  const [machine] =
    'agent_id' in named
      ? await askByAgent(read, { personId: person.id, agentId: named.agent_id })
      : await askByEither(read, { personId: person.id, machineId: named.machine_id });
  if (!machine) return null;
  const { grantedSudo, ...about } = machine;
  const owns = person.role !== 'user' || machine.ownerId === person.id;
  // An owner's own role, whatever was granted: it could grant itself what an admin takes away.
  const isSudo = owns ? person.machineRole === 'sudo' : Boolean(grantedSudo);
  return { ...about, owns, machineRole: isSudo ? 'sudo' : 'non-sudo' };
}

/** `grantedSudo`: to this person, or to a group it is in. */
function machinesFor(read: Reads<TenantTables>, personId: Expression<string>) {
  return read
    .selectFrom('machines')
    .select(['machines.id', 'agent_id as agentId', 'name', 'owner_id as ownerId'])
    .select((eb) =>
      eb
        .or([
          eb.exists(
            eb
              .selectFrom('machine_grants')
              .select('machine_grants.user_id')
              .whereRef('machine_grants.machine_id', '=', 'machines.id')
              .where('machine_grants.user_id', '=', personId)
              .where('machine_grants.machine_role', '=', 'sudo'),
          ),
          eb.exists(
            eb
              .selectFrom('group_machines')
              .innerJoin('group_members', 'group_members.group_id', 'group_machines.group_id')
              .select('group_machines.group_id')
              .whereRef('group_machines.machine_id', '=', 'machines.id')
              .where('group_members.user_id', '=', personId)
              .where('group_machines.machine_role', '=', 'sudo'),
          ),
        ])
        .as('grantedSudo'),
    );
}

const askByAgent = prepared((read: Reads<TenantTables>, value: ValueOf<{ personId: string; agentId: string }>) =>
  machinesFor(read, value('personId')).where('machines.agent_id', '=', value('agentId')),
);
const askByEither = prepared((read: Reads<TenantTables>, value: ValueOf<{ personId: string; machineId: string }>) =>
  machinesFor(read, value('personId')).where(isMachine([value('machineId')])),
);
