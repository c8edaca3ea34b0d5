/** `status`: how the agent of this folder is, for people and for programs. */
import type { AgentSession, AgentStatus } from '../../protocol/agent/status.ts';
import { loadConfig, type AgentConfig } from '../config/config.ts';
import { findHolder } from '../config/lock.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readStatus } from '../status.ts';
import { fail, type Program } from './program.ts';

export async function showStatus(folder: string, asJson: boolean, program: Program): Promise<ExitCode> {
  const loaded = await loadConfig(folder, program.now());
  if (!loaded.ok) {
    if (asJson) program.say(JSON.stringify({ configured: false, running: false, code: loaded.code, status: null }));
    return fail(program, EXIT.notConfigured, loaded.message);
  }
  const present = await findPresent(folder, program);
  if (asJson) program.say(JSON.stringify(forPrograms(loaded.config, present), null, 2));
  else for (const line of describe(loaded.config, present)) program.say(line);
  return present.status?.link.at === 'online' ? EXIT.done : EXIT.notOnline;
}

export interface Present {
  readonly running: boolean;
  readonly status: AgentStatus | null;
}

/** What an agent wrote that was killed says nothing of the one that runs now. */
async function findPresent(folder: string, program: Program): Promise<Present> {
  const holder = await findHolder(folder, program.platform);
  if (holder === null) return { running: false, status: null };
  const status = await readStatus(folder);
  return { running: true, status: status?.pid === holder.pid ? status : null };
}

function forPrograms({ host, agent_id, name }: AgentConfig, present: Present) {
  return { configured: true, running: present.running, host, agent_id, name, status: present.status };
}

/** Lines for people. */
export function describe(config: Pick<AgentConfig, 'name' | 'host'>, { running, status }: Present): readonly string[] {
  const title = `${config.name} at ${config.host}`;
  if (!running) return [title, 'Not running. Start it with: webxterm-agent start'];
  if (status === null) return [title, 'Starting.'];
  const count = status.sessions.length;
  const sessions = count === 0 ? 'No sessions.' : `${count} ${count === 1 ? 'session' : 'sessions'}:`;
  return [title, ...describeLink(status.link), sessions, ...status.sessions.map(describeSession)];
}

function describeLink(link: AgentStatus['link']): readonly string[] {
  switch (link.at) {
    case 'connecting':
      return ['Connecting.'];
    case 'online': {
      const latency = link.latency_ms === null ? '' : `, ${link.latency_ms} ms there and back`;
      return [`Online since ${link.since}${latency}.`];
    }
    case 'waiting':
      return [
        `Not connected. It failed at the step ${link.failed_step} (${link.code}): ${link.message}`,
        `Next try: ${link.next_try_at}`,
      ];
    case 'stopped':
      return [`Not connected, and it does not try again (${link.code}): ${link.message}`];
  }
}

function describeSession(session: AgentSession): string {
  const seen = session.attached ? 'on a screen' : 'on no screen';
  return `  ${session.username} by ${session.source}, ${session.machine_role}, since ${session.started_at}, ${seen}`;
}
