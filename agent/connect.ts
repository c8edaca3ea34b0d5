/** Makes one link after another for one registration: the way out, the signature, what is said of this computer. */
import os from 'node:os';
import { EXEC_END, type Heartbeat } from '../protocol/wire/control.ts';
import type { Moment } from '../protocol/wire/moment.ts';
import type { AgentConfig } from './config/config.ts';
import type { Executions } from './exec/executions.ts';
import { signChallenge } from './identity.ts';
import type { Connect } from './link/keeper.ts';
import { openLink } from './link/link.ts';
import { LIVENESS } from './link/liveness.ts';
import type { LinkEnd } from './link/retry.ts';
import { parseAddress } from './net/address.ts';
import type { ConnectFailure } from './net/failure.ts';
import { findWayOut } from './net/outbound.ts';
import type { Outbox } from './outbox.ts';
import type { SessionHost } from './sessions/host.ts';

/** Of the frames and messages this agent speaks. */
const PROTOCOL = 1;

export interface ConnectParts {
  readonly config: AgentConfig;
  readonly version: string;
  /** Differs from any other process with the same key: so the service knows a clone from a reconnect. */
  readonly bootId: string;
  readonly system: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly sessions: SessionHost;
  readonly executions: Executions;
  readonly outbox: Outbox;
  readonly measure: () => Promise<Heartbeat>;
  readonly moment: () => Moment;
  /** The service's wish of whose shells to open. */
  readonly linuxUser: (name: string | null) => void;
}

export function createConnect(parts: ConnectParts): Connect {
  const { config, sessions, executions, outbox, moment } = parts;
  const server = new URL(config.host);
  return async (events) => {
    const address = parseAddress(config.host, config.insecure); // a file can be edited by hand
    if (!address.ok) return failed({ step: 'tls', code: address.code, message: address.message });
    const way = await findWayOut(server, { platform: parts.platform, env: parts.env, caFile: config.ca });
    if (!way.ok) {
      return failed({ step: way.code === 'bad-proxy' ? 'proxy' : 'tls', code: way.code, message: way.message });
    }
    const link = openLink({
      server,
      way,
      userAgent: `webxterm-agent/${parts.version}`,
      hello: (nonce) => ({
        type: 'hello',
        agent_id: config.agent_id,
        boot_id: parts.bootId,
        signature: signChallenge(config.private_key, { host: server.host, agentId: config.agent_id, nonce }),
        agent_version: parts.version,
        protocol: PROTOCOL,
        hostname: os.hostname(),
        os: parts.system,
        arch: os.arch(),
        sessions: sessions.hello(),
        commands: [...executions.running(), ...outbox.results()],
        capabilities: [EXEC_END],
      }),
      sessions,
      executions,
      outbox,
      measure: parts.measure,
      moment,
      limits: LIVENESS,
      welcomed: ({ reconnect_spread_s }) => events.online(reconnect_spread_s),
      configured: ({ linux_user }) => parts.linuxUser(linux_user),
      latency: events.latency,
    });
    return { link };
  };
}

/** It was not even dialled. */
function failed(failure: ConnectFailure): { readonly end: LinkEnd } {
  return { end: { how: 'failed', onlineMs: null, failure } };
}
