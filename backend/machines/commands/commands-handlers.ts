/** Commands for a machine, and the log of what ran on it. */
import type { Selectable } from 'kysely';
import type { commands, SentCommand } from '../../../protocol/api/commands.ts';
import type { GroupHandlers } from '../../gateway/handlers.ts';
import type { TenantTables } from '../../store/tables.ts';
import type { Links } from '../terminals/links.ts';
import type { Revocations } from '../terminals/revocation.ts';
import { storeCommand, storeUnsent } from './command-book.ts';
import { countLogs, logsOfMachine, searchLogs } from './command-logs.ts';

interface Parts {
  readonly links: Pick<Links, 'find'>;
  readonly lookAgainAt: Revocations['lookAgainAt'];
  readonly now: () => number;
  readonly newObjectId: () => string;
  readonly newUuid: () => string;
}

type CommandRow = Selectable<TenantTables['commands']>;

const USUAL_TIMEOUT_S = 60;
const USUAL_FOUND = 50;

export function commandsHandlers(parts: Parts): GroupHandlers<typeof commands> {
  return {
    async run({ body: { command, timeout_s: timeoutS = USUAL_TIMEOUT_S } }, caller) {
      const { agentId, machineRole } = caller.machine;
      if (!parts.links.find(agentId)) return { refuse: { code: 'machine-offline' } };
      const commandId = parts.newUuid();
      const at = new Date(parts.now());
      const stored = await storeCommand(caller, { commandId, logId: parts.newObjectId(), command, timeoutS, at });
      if ('refuse' in stored) return stored;
      const link = parts.links.find(agentId);
      if (!link) {
        await storeUnsent(caller.organization, agentId, commandId); // it went while we wrote
        return { refuse: { code: 'machine-offline' } };
      }
      link.tell({ type: 'exec', command_id: commandId, command, timeout_s: timeoutS, machine_role: machineRole });
      parts.lookAgainAt({ userId: caller.account.id, agentId });
      return { status: 200, body: { message: 'Command sent', command, command_id: commandId } };
    },

    async get({ params }, caller) {
      const row = await caller.read
        .selectFrom('commands')
        .selectAll()
        .where('id', '=', params.command_id)
        .where('agent_id', '=', params.agent_id)
        .executeTakeFirst();
      if (!row) return { refuse: { code: 'not-found' } };
      return { status: 200, body: { command: commandShape(row) } };
    },

    async logs({ query }, { read, machine }) {
      const logs = await logsOfMachine(read, machine.agentId, paged(query));
      if (query.page === undefined && query.limit === undefined) return { status: 200, body: { logs } };
      return { status: 200, body: { logs, total: await countLogs(read, machine.agentId) } };
    },

    async searchLogs({ query: { q, limit = USUAL_FOUND } }, { read, machine }) {
      return { status: 200, body: { logs: await searchLogs(read, machine.agentId, { q, limit }) } };
    },
  };
}

function commandShape(row: CommandRow): SentCommand {
  return {
    command_id: row.id,
    command: row.command,
    state: row.state,
    exit_code: row.exit_code,
    output: row.output,
    truncated: row.truncated === 1,
    started_at: row.started_at,
    ended_at: row.ended_at,
    code: row.code,
    user_id: row.user_id,
    username: row.username,
    timeout_s: row.timeout_s,
  };
}

interface Page {
  readonly page?: number | undefined;
  readonly limit?: number | undefined;
}

/** One who pages and names no limit gets as many as there may be. */
function paged({ page, limit }: Page): Page {
  return page === undefined ? { limit } : { page, limit: limit ?? 200 };
}
