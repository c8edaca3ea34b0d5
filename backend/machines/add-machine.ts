/** Making a machine: its row, and the token its agent joins with. */
import type { AuditNote, Writes } from '../store/store.ts';
import { hashSecret, newSecret } from '../store/secret.ts';
import type { TenantTables } from '../store/tables.ts';
import { machineDefaults } from './settings.ts';

export interface MachineWish {
  readonly name: string;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly linuxUser?: string | undefined;
  readonly ownerId: string;
}
interface Parts {
  readonly now: () => number;
  readonly newObjectId: () => string;
  readonly newUuid: () => string;
  readonly registrationTokenS?: number;
}
/** The token is in here and nowhere else: the store has its hash. */
export interface AddedMachine {
  readonly machineId: string;
  readonly agentId: string;
  readonly registrationToken: string;
  readonly note: AuditNote;
}

/** Within the transaction it is handed; `note` is what the audit then says. */
export async function addMachine(tx: Writes<TenantTables>, wish: MachineWish, parts: Parts): Promise<AddedMachine> {
  const { machineId, agentId, note } = await addMachineRow(tx, wish, parts);
  const registrationToken = await addRegistrationToken(tx, { machineId, createdBy: wish.ownerId }, parts);
  return { machineId, agentId, registrationToken, note };
}

/** The one token that the machine's agent joins with: those made before it that nobody used are gone. */
export async function addRegistrationToken(
  tx: Writes<TenantTables>,
  { machineId, createdBy }: { readonly machineId: string; readonly createdBy: string },
  parts: Omit<Parts, 'newUuid'>,
): Promise<string> {
  const registrationToken = newSecret('vsay_rt_');
  const lifeMs = 1000 * (parts.registrationTokenS ?? machineDefaults.registrationTokenS);
  await tx.deleteFrom('registration_tokens').where('machine_id', '=', machineId).where('used_at', 'is', null).execute();
  await tx
    .insertInto('registration_tokens')
    .values({
      id: parts.newObjectId(),
      machine_id: machineId,
      token_hash: hashSecret(registrationToken),
      created_by: createdBy,
      created_at: new Date(parts.now()).toISOString(),
      expires_at: new Date(parts.now() + lifeMs).toISOString(),
      used_at: null,
    })
    .execute();
  return registrationToken;
}

/** The row alone: for an agent that joins by its owner's API key and needs no token. */
export async function addMachineRow(
  tx: Writes<TenantTables>,
  wish: MachineWish,
  parts: Parts,
): Promise<Omit<AddedMachine, 'registrationToken'>> {
  const machineId = parts.newObjectId();
  const agentId = parts.newUuid();
  await tx
    .insertInto('machines')
    .values({
      id: machineId,
      agent_id: agentId,
      owner_id: wish.ownerId,
      name: wish.name,
      description: wish.description ?? '',
      tags: JSON.stringify(wish.tags ?? []),
      linux_user: wish.linuxUser ?? null,
      created_at: new Date(parts.now()).toISOString(),
      metadata: '{}',
    })
    .execute();
  return {
    machineId,
    agentId,
    note: { action: 'machine_registered', resource: agentId, detail: { name: wish.name } },
  };
}
