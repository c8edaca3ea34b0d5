/** One terminal of the desktop: its connection, and what is shown and kept of it. */
import type { Terminal } from '../../../protocol/bridge/events.ts';
import type { Failure } from '../../../protocol/bridge/failure.ts';
import type { CarrierPort } from '../../host/host.ts';
import type { StoredTerminal } from '../settings/stored.ts';
import { connect, type Connection, type ConnectionParts, type Trouble } from './connection.ts';
import { isOver, terminalState } from './terminal-state.ts';
import type { Wish } from './attaching.ts';
import type { Phase } from './effect.ts';

export interface EntryParts extends Omit<ConnectionParts, 'wish' | 'agentId' | 'told'> {
  /** Something that is shown or kept is different now. */
  readonly changed: () => void;
}
export interface Entry {
  readonly id: string;
  readonly account: string;
  /** The person closed it and can still take that back. */
  readonly closing: boolean;
  /** It is no longer shown; its session still has to hear of it. */
  readonly leaving: boolean;
  readonly over: boolean;
  /** When nothing more will come. */
  readonly ended: Promise<void>;
  sessionId(): string | null;
  shown(): Terminal;
  /** Null: nothing to come back to. */
  stored(): StoredTerminal | null;
  close(afterMs: number): void;
  keep(): void;
  leave(): void;
  rename(title: string): void;
  take(): void;
  openPort(port: CarrierPort): void;
  wake(): void;
  /** What waits for its next try need not wait. */
  serverIsBack(): void;
  dispose(): void;
}

export function createEntry(about: Omit<StoredTerminal, 'session_id'>, wish: Wish, parts: EntryParts): Entry {
  let { title, closing } = about;
  let leaving = false;
  let sessionId = 'sessionId' in wish.session ? wish.session.sessionId : null;
  let phase: Phase = { at: 'opening' };
  let trouble: Trouble | null = null;
  let denied: Failure | null = null;
  let endedAt: number | null = null;
  let undo: NodeJS.Timeout | null = null;
  const end = new AbortController();
  const ended = new Promise<void>((resolve) => {
    end.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const over = (): boolean => isOver({ phase, denied });

  const changed = (): void => {
    if (over()) {
      endedAt ??= parts.now();
      end.abort();
    }
    parts.changed();
  };
  const stopUndo = (): void => {
    if (undo !== null) clearTimeout(undo);
    undo = null;
  };
  const connection: Connection = connect({
    ...parts,
    wish,
    agentId: about.agent_id,
    told: {
      phase(next) {
        phase = next;
        changed();
      },
      trouble(next) {
        trouble = next;
        changed();
      },
      denied(failure) {
        denied = failure;
        changed();
      },
      session(id) {
        sessionId = id;
        changed();
      },
    },
  });
  const leave = (): void => {
    stopUndo();
    closing = true;
    leaving = true;
    if (!over()) connection.close();
    changed();
  };
  return {
    id: about.terminal,
    account: about.account,
    ended,
    get closing() {
      return closing;
    },
    get leaving() {
      return leaving;
    },
    get over() {
      return over();
    },
    sessionId: () => sessionId,
    shown: () => ({
      terminal: about.terminal,
      account: about.account,
      agent_id: about.agent_id,
      machine_name: about.machine_name,
      session_id: sessionId,
      title,
      started_at: about.started_at,
      state: terminalState({ phase, trouble, denied, closing, startedAt: Date.parse(about.started_at), endedAt }),
    }),
    stored: () => (sessionId === null || over() ? null : { ...about, session_id: sessionId, title, closing }),
    close(afterMs) {
      if (closing) return;
      closing = true;
      undo = setTimeout(leave, afterMs);
      changed();
    },
    keep() {
      stopUndo();
      closing = false;
      changed();
    },
    leave,
    rename(next) {
      title = next.trim() === '' ? about.machine_name : next;
      changed();
    },
    take: () => connection.take(),
    openPort: (port) => connection.openPort(port),
    wake: () => connection.reconnect(),
    serverIsBack() {
      if (trouble !== null) connection.reconnect();
    },
    dispose() {
      stopUndo();
      connection.dispose();
    },
  };
}
