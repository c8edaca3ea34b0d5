/** The commands sent to machines, as the store has them: sent, ended once, or lost with the agent's process. */
import type { CommandState } from '../../../protocol/api/commands.ts';
import type { ExecResult } from '../../../protocol/wire/control.ts';
import type { MachineUser } from '../../gateway/caller.ts';
import { serviceActor } from '../../store/audit.ts';
import type { OrganizationStore, Writes, Written } from '../../store/store.ts';
import type { TenantTables } from '../../store/tables.ts';
import { auditedLine, searchKey, storable } from './command-line.ts';

type Result = Omit<ExecResult, 'type' | 'seq'>;
export interface Wish {
  readonly commandId: string;
  readonly logId: string;
  readonly command: string;
  readonly timeoutS: number;
  readonly at: Date;
}

/** Stored before it is sent, with its line in the log: what runs is known to have been asked for. */
export async function storeCommand(caller: MachineUser, wish: Wish): Promise<Written<void>> {
  const { account, machine } = caller;
  const at = wish.at.toISOString();
  const about = {
    machine_id: machine.id,
    agent_id: machine.agentId,
    user_id: account.id,
    username: account.username,
    command: wish.command,
  };
  return caller.write(async (tx) => {
    await tx
      .insertInto('commands')
      .values({
        ...about,
        id: wish.commandId,
        log_id: wish.logId,
        timeout_s: wish.timeoutS,
        machine_role: machine.machineRole,
        state: 'sent',
        truncated: 0,
        created_at: at,
      })
      .execute();
    await tx
      .insertInto('command_logs')
      .values({
        ...about,
        id: wish.logId,
        machine_name: machine.name,
        source: caller.source,
        command_key: searchKey(wish.command),
        cut: 0,
        captured: 'exec',
        started_at: at,
      })
      .execute();
    const detail = {
      command: auditedLine(wish.command),
      captured: 'exec',
      command_id: wish.commandId,
      machine_role: machine.machineRole,
    };
    return { value: undefined, audit: { action: 'command_executed', resource: machine.agentId, detail } };
  });
}

/** The agent's own end of it; told again, the first stands. How one ended that had to, and whether all of it did, the audit says too. */
export async function storeResult(organization: OrganizationStore, agentId: string, result: Result): Promise<void> {
  const { command_id: commandId, state, code, exit_code, signal } = result;
  const usual = { commandId, agentId, isRevoked: false };
  if (await organization.upkeep(async (tx) => endWith(tx, usual, result))) return;
  await organization.write(serviceActor, async (tx) => {
    if (!(await endWith(tx, { ...usual, isRevoked: true }, result))) return { refuse: { code: 'not-found' } };
    const detail = { command_id: commandId, state, code, exit_code, signal };
    return { value: undefined, audit: { action: 'command_ended', resource: agentId, detail } };
  });
}

/** False: it had ended before, or is no such command. */
async function endWith(tx: Writes<TenantTables>, which: Which, result: Result): Promise<boolean> {
  const log = await end(tx, which, result.state, {
    code: result.code ?? null,
    exit_code: result.exit_code,
    output: storable(result.output),
    truncated: result.truncated ? 1 : 0,
    started_at: result.started_at,
    ended_at: result.ended_at,
  });
  if (log === null) return false;
  if (result.state === 'refused') return true;
  const took = Date.parse(result.ended_at) - Date.parse(result.started_at);
  await tx
    .updateTable('command_logs')
    .set({ exit_code: result.exit_code, duration_ms: Math.max(0, took) })
    .where('id', '=', log)
    .execute();
  return true;
}

/** It never reached the agent. */
export async function storeUnsent(organization: OrganizationStore, agentId: string, commandId: string): Promise<void> {
  await organization.upkeep(async (tx) =>
    end(tx, { commandId, agentId }, 'refused', { code: 'machine-offline', exit_code: null }),
  );
}

interface Which {
  readonly commandId: string;
  readonly agentId: string;
  /** Only where the right to it is gone, or is not; unsaid: either. */
  readonly isRevoked?: boolean;
}
interface Ending {
  readonly code: string | null;
  readonly exit_code: number | null;
  readonly output?: string;
  readonly truncated?: number;
  readonly started_at?: string;
  readonly ended_at?: string;
}

/** Gives the line of the log; null when it had ended before, or is no command of this agent. */
async function end(
  tx: Writes<TenantTables>,
  { commandId, agentId, isRevoked }: Which,
  state: CommandState,
  ending: Ending,
): Promise<string | null> {
  const ended = await tx
    .updateTable('commands')
    .set({ state, ...ending })
    .where('id', '=', commandId)
    .where('agent_id', '=', agentId)
    .where('state', 'in', ['sent', 'lost']) // a result that comes after all is better than none
    .$if(isRevoked !== undefined, (those) => those.where('revoked_at', isRevoked ? 'is not' : 'is', null))
    .returning('log_id')
    .executeTakeFirst();
  return ended?.log_id ?? null;
}

/** An agent said hello: what it was sent before and does not know is lost. */
export async function loseUnknown(
  organization: OrganizationStore,
  agentId: string,
  known: readonly string[],
): Promise<void> {
  const sent = await organization.read
    .selectFrom('commands')
    .select('id')
    .where('agent_id', '=', agentId)
    .where('state', '=', 'sent')
    .execute();
  const lost = sent.map(({ id }) => id).filter((id) => !known.includes(id));
  if (lost.length === 0) return;
  await organization.upkeep(async (tx) => {
    await tx
      .updateTable('commands')
      .set({ state: 'lost' })
      .where('id', 'in', lost)
      .where('state', '=', 'sent')
      .execute();
  });
}
