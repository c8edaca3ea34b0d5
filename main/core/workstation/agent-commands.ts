/** The bundled agent's command line, as the desktop uses it: run to the end, with what it said. */
import type { Result } from '../../../protocol/bridge/failure.ts';
import type { Settings } from '../../../protocol/bridge/settings.ts';
import type { AgentGiven, Host } from '../../host/host.ts';
import { done, fail } from '../outcome.ts';

export interface Joining {
  readonly host: string;
  /** Goes by standard input: no process list has it. */
  readonly token: string;
  readonly name: string;
  readonly linuxUser: string | null;
  readonly allowSudo: boolean;
  /** Over plain HTTP beyond this computer, as the person signed in. */
  readonly insecure: boolean;
}

type Network = Settings['network'];
type StartAgent = Host['startAgent'];
const MAX_DETAIL = 1_000;

export function configureAgent(
  start: StartAgent,
  folder: string,
  joining: Joining,
  network: Network,
): Promise<Result<null>> {
  const { linuxUser } = joining;
  const args = [
    'configure',
    '--config',
    folder,
    '--host',
    joining.host,
    '--token',
    '-',
    '--name',
    joining.name,
    ...(linuxUser === null ? [] : ['--linux-user', linuxUser]),
    ...(joining.allowSudo ? ['--allow-sudo'] : []),
    ...(joining.insecure ? ['--insecure'] : []),
    ...(network.extra_ca_file === '' ? [] : ['--ca', network.extra_ca_file]),
  ];
  return finished(start, args, { ...agentNetwork(network), input: `${joining.token}\n` });
}

export const unregisterAgent = (start: StartAgent, folder: string, network: Network): Promise<Result<null>> =>
  finished(start, ['unregister', '--config', folder], agentNetwork(network));

/** The proxy that was set by hand; what the environment says, the agent reads by itself. */
export function agentNetwork(network: Network): AgentGiven {
  if (network.proxy === 'system') return {};
  const proxy = network.proxy === 'manual' ? network.proxy_url.trim() : '';
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
  return { env: Object.fromEntries(names.map((name) => [name, proxy])) };
}

async function finished(start: StartAgent, args: readonly string[], given: AgentGiven): Promise<Result<null>> {
  const { code, stderr } = await start(args, given).exited;
  if (code === 0) return done;
  const said = stderr.trim().slice(-MAX_DETAIL);
  return fail('agent-failed', said === '' ? `It ended with code ${code ?? 'none'}.` : said);
}
