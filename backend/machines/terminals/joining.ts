/** A proven agent takes its place: what it reports is compared with the store, an older socket gives way, its life is watched. */
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { EXEC_END, type FromAgent, type ToAgent } from '../../../protocol/wire/control.ts';
import type { AuditNote, Store } from '../../store/store.ts';
import { agentLeft } from '../agent-left.ts';
import type { BackgroundWrites } from '../background-writes.ts';
import { loseUnknown } from '../commands/command-book.ts';
import { createReports } from '../commands/reports.ts';
import { tellRevoked } from '../commands/revoked-commands.ts';
import type { Heartbeats } from '../heartbeats.ts';
import { keepAlive } from '../liveness.ts';
import type { MachineKey, Presence } from '../presence.ts';
import type { Recorder } from '../recordings/recorder.ts';
import { MOST_FOR_AGENT, sendBounded } from '../send-queue.ts';
import type { MachineSettings } from '../settings.ts';
import type { Admitted, Goodbye, Hello } from './admission.ts';
import { DISABLED, REVOKED } from './goodbyes.ts';
import type { Hub } from './hub.ts';
import type { Hubs } from './hubs.ts';
import { dismiss, type AgentConfig, type Links } from './links.ts';
import { CLOSE, refusal } from './refusals.ts';
import { compare } from './session-book.ts';

/** What becomes of an agent's messages once it has its place. */
export interface AgentLink {
  receive(message: FromAgent): void;
  frame(bytes: Uint8Array): void;
}
export interface Joining {
  /** Null when the socket was closed meanwhile. */
  readonly join: (socket: WebSocket, hello: Hello, machine: Admitted) => Promise<AgentLink | null>;
}
interface Parts {
  readonly store: Pick<Store, 'directory' | 'organization'>;
  readonly hubs: Hubs;
  readonly links: Links;
  readonly presence: Presence;
  readonly heartbeats: Pick<Heartbeats, 'add' | 'written'>;
  readonly recorder: Pick<Recorder, 'resume' | 'settle'>;
  readonly writes: BackgroundWrites;
  /** Its key is no longer to be trusted: it said that it leaves for good. */
  readonly unregistered: (machine: MachineKey) => Promise<void>;
  /** Tells the agent what is set for it, where that is news. */
  readonly configure: (machine: MachineKey) => Promise<void>;
  readonly log: Pick<Logger, 'error'>;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly newObjectId: () => string;
  readonly settings: MachineSettings;
}

/** When what an agent reported could not be stored, it is tried again after this. */
const STORE_AGAIN_MS = 5_000;

export function createJoining(parts: Parts): Joining {
  const { hubs, store, links, presence, heartbeats, recorder } = parts;
  return {
    async join(socket, hello, machine) {
      const hub = hubs.of(machine);
      const settled = hub.agentComing();
      try {
        // Whoever is welcomed is online for everybody who asks.
        presence.alive(machine);
        await heartbeats.written();
        const organization = store.organization(machine.organizationId);
        const { reported, gone } = await compare(organization, machine.agentId, hello.sessions);
        const kept = reported.filter(({ verdict }) => verdict === 'keep').map(({ session }) => session.session_id);
        const ends = await recorder.resume(machine, kept);
        await loseUnknown(organization, machine.agentId, hello.commands ?? []);
        if (socket.readyState !== socket.OPEN) {
          if (!links.find(machine.agentId)) presence.left(machine);
          return null;
        }
        // Those that are being asked for are asked for again.
        hubs.lost(
          machine,
          gone.filter((sessionId) => !hub.isOpening(sessionId)),
        );
        const place = takePlace(parts, { socket, hello, machine, hub });
        hub.agentReady(
          place.sink,
          reported.map((each) => ({ ...each, recorded: ends.get(each.session.session_id) ?? null })),
        );
        parts.writes.add(recorder.settle(machine.organizationId, machine.agentId));
        parts.writes.add(parts.configure(machine)); // what was set while it was not in its place yet
        // What was decided while it had no place yet found nothing to close.
        const known = await store.directory.byAgent(machine.agentId);
        if (!known?.isOpen) place.close(known ? DISABLED : REVOKED);
        return place.link;
      } finally {
        settled();
        hubs.released(machine.agentId);
      }
    },
  };
}

interface Arrived {
  readonly socket: WebSocket;
  readonly hello: Hello;
  readonly machine: Admitted;
  readonly hub: Hub;
}

function takePlace(parts: Parts, { socket, hello, machine, hub }: Arrived) {
  const { presence, links, heartbeats, settings, monotonic, now } = parts;
  const since = monotonic();
  let latencyMs: number | null = null;
  let isHere = true;
  let isStopping = false;

  const send = (message: string | Uint8Array): void => sendBounded(socket, message, MOST_FOR_AGENT);
  const tell = (message: ToAgent): void => send(JSON.stringify(message));
  const leave = (why: string): void => {
    if (!isHere) return;
    isHere = false;
    links.remove(link);
    reports.stop();
    hub.agentLost();
    if (isStopping) presence.forget(machine);
    else presence.left(machine);
    noteLeft(parts, machine, { why, connected_s: Math.round((monotonic() - since) / 1000) });
    parts.hubs.released(machine.agentId);
  };
  const close = (goodbye: Goodbye | null): void => {
    leave(goodbye?.reason ?? 'replaced');
    if (goodbye) dismiss(socket, goodbye);
    else socket.close(CLOSE.done, 'replaced');
  };
  const refuse = (code: string): void => {
    tell({ ...refusal('bad-frame'), code });
    socket.close(CLOSE.badInput, code);
    leave(code);
  };
  const receive = (message: FromAgent): void => {
    if (message.type === 'heartbeat') {
      const { type: _, ...figures } = message;
      presence.alive(machine);
      return heartbeats.add(machine, { ...figures, latencyMs, at: new Date(now()) });
    }
    if (message.type === 'goodbye') {
      isStopping = true;
      return message.reason === 'unregistered' ? parts.writes.add(parts.unregistered(machine)) : undefined;
    }
    if (message.type === 'command' || message.type === 'exec_result') {
      return reports.add(message) ? undefined : refuse('too-many-reports');
    }
    return message.type === 'hello' ? refuse('bad-message') : hub.fromAgent(message);
  };
  const reports = createReports({
    organization: parts.store.organization(machine.organizationId),
    reporter: { agentId: machine.agentId, bootId: hello.boot_id },
    tell,
    newObjectId: parts.newObjectId,
    failed: (error) => parts.log.error({ err: error }, 'what an agent reported could not be stored'),
    later: (act) => setTimeout(act, STORE_AGAIN_MS).unref(),
    hold: (work) => parts.writes.add(work),
  });

  let { linuxUser } = machine;
  const configure = (config: AgentConfig): void => {
    if (config.linux_user === linuxUser) return;
    linuxUser = config.linux_user;
    tell({ type: 'config', ...config });
  };
  const endsCommands = hello.capabilities?.includes(EXEC_END) === true;
  const link = { ...machine, bootId: hello.boot_id, endsCommands, tell, configure, close };
  links.add(link);
  parts.writes.add(tellRevoked(parts.store.organization(machine.organizationId), link));
  socket.on('close', (code) => leave(`closed ${code}`));
  keepAlive(socket, { settings, now: monotonic, measured: (ms) => (latencyMs = Math.round(10 * ms) / 10) });
  tell({
    type: 'welcome',
    heartbeat_s: settings.heartbeatS,
    reconnect_spread_s: settings.reconnectSpreadS,
    config: { linux_user: linuxUser },
  });
  const sink = { tell, frame: send, refuse };
  return { sink, close, link: { receive, frame: (bytes: Uint8Array) => hub.frameFromAgent(bytes) } };
}

function noteLeft({ store, writes }: Parts, machine: Admitted, detail: AuditNote['detail'] & object): void {
  writes.add(agentLeft(store.organization(machine.organizationId), machine, detail));
}
