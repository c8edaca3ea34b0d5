/** The agents that are connected, each by its newest socket. */
import type { WebSocket } from 'ws';
import type { ToAgent } from '../../../protocol/wire/control.ts';
import type { Goodbye } from './admission.ts';
import { CLOSE } from './refusals.ts';

/** What the server sets for an agent. */
export type AgentConfig = Extract<ToAgent, { type: 'welcome' }>['config'];

/** One proven socket of an agent. */
export interface Link {
  readonly organizationId: string;
  readonly agentId: string;
  /** Of the process that runs the shells: a cloned machine has another. */
  readonly bootId: string;
  /** Whether it knows how to end a command that it runs. */
  readonly endsCommands: boolean;
  tell(message: ToAgent): void;
  /** Told where it is not what the agent was told last. */
  configure(config: AgentConfig): void;
  /** Ends it in order: what hangs on it learns it now, not when the network does. */
  close(goodbye: Goodbye | null): void;
}
export interface Links {
  readonly size: number;
  /** The one it replaces is closed first; of another process, it is told to stay away. */
  add(link: Link): void;
  /** False when another has taken its place already. */
  remove(link: Link): boolean;
  find(agentId: string): Link | undefined;
  all(): readonly Link[];
}

export function createLinks(): Links {
  const links = new Map<string, Link>();
  return {
    get size() {
      return links.size;
    },
    add(link) {
      const older = links.get(link.agentId);
      older?.close(older.bootId === link.bootId ? null : REPLACED);
      links.set(link.agentId, link);
    },
    remove: (link) => links.get(link.agentId) === link && links.delete(link.agentId),
    find: (agentId) => links.get(agentId),
    all: () => [...links.values()],
  };
}

const REPLACED: Goodbye = {
  type: 'goodbye',
  reason: 'replaced',
  message: 'Another agent connected with the same identity, perhaps a copy of this machine. This one stays away.',
};

/** Says why, and closes in order. */
export function dismiss(socket: WebSocket, goodbye: Goodbye): void {
  socket.send(JSON.stringify(goodbye));
  socket.close(CLOSE.done, goodbye.reason);
}
