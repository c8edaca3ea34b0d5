/** Commands that run on when the right to them is gone: noted in the store once, and their agents told to end them. */
import { serviceActor } from '../../store/audit.ts';
import type { OrganizationStore, Running, Store } from '../../store/store.ts';
import type { Link, Links } from '../terminals/links.ts';

interface Parts {
  readonly store: Pick<Store, 'organization'>;
  readonly links: Pick<Links, 'find'>;
  readonly now: () => number;
}

/** An agent that is away is told at its next hello. One that cannot end commands goes on until the time-out: the audit says so where it is connected now. */
export async function revokeCommand(
  { store, links, now }: Parts,
  { id, organizationId, agentId }: Pick<Running, 'id' | 'organizationId' | 'agentId'>,
): Promise<void> {
  const goesOn = links.find(agentId)?.endsCommands === false;
  await store.organization(organizationId).write(serviceActor, async (tx) => {
    const noted = await tx
      .updateTable('commands')
      .set({ revoked_at: new Date(now()).toISOString() })
      .where('id', '=', id)
      .where('state', '=', 'sent')
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    if (noted.numUpdatedRows === 0n) return { refuse: { code: 'not-found' } };
    const detail = { command_id: id, ...(goesOn && { goes_on_until_time_out: true }) };
    return { value: undefined, audit: { action: 'command_revoked', resource: agentId, detail } };
  });
  const link = links.find(agentId);
  if (link) tellToEnd(link, id);
}

/** It came back, or just came. */
export async function tellRevoked(organization: OrganizationStore, link: Link): Promise<void> {
  const revoked = await organization.read
    .selectFrom('commands')
    .select('id')
    .where('agent_id', '=', link.agentId)
    .where('state', '=', 'sent')
    .where('revoked_at', 'is not', null)
    .execute();
  for (const { id } of revoked) tellToEnd(link, id);
}

function tellToEnd(link: Link, commandId: string): void {
  if (link.endsCommands) link.tell({ type: 'exec_end', command_id: commandId });
}
