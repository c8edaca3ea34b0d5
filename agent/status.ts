/** How this agent is, told to the process that started it and kept in a file while it runs. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { STATUS_FILE } from '../protocol/agent/folder.ts';
import { agentStatus, type AgentSession, type AgentStatus } from '../protocol/agent/status.ts';
import { readPrivateFile, writePrivateFile } from './config/private-file.ts';
import type { LinkState } from './link/keeper.ts';

export interface StatusBoard extends AsyncDisposable {
  link(state: LinkState): void;
  /** Who has a shell may be different now. */
  sessionsChanged(): void;
}
export interface StatusParts {
  readonly folder: string;
  /** What does not change while it runs. */
  readonly about: Pick<AgentStatus, 'pid' | 'version' | 'host' | 'agent_id' | 'name'>;
  readonly sessions: () => AgentSession[];
  readonly tell: (status: AgentStatus) => void;
  /** The file could not be written: no reason to stop, but to say it once. */
  readonly unwritable: (error: unknown) => void;
  readonly now: () => number;
}

/** Many changes in one moment are written once. Milliseconds. */
const GATHER_MS = 200;

export function createStatusBoard(parts: StatusParts): StatusBoard {
  const file = path.join(parts.folder, STATUS_FILE);
  let link: LinkState = { at: 'connecting' };
  let timer: NodeJS.Timeout | null = null;
  let writing = Promise.resolve();
  let complained = false;

  const write = async () => {
    const status: AgentStatus = {
      type: 'status',
      ...parts.about,
      link,
      sessions: parts.sessions(),
      updated_at: new Date(parts.now()).toISOString(),
    };
    parts.tell(status);
    try {
      await writePrivateFile(file, `${JSON.stringify(status, null, 2)}\n`, false);
    } catch (error) {
      if (!complained) parts.unwritable(error);
      complained = true;
    }
  };
  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    writing = writing.then(write);
    return writing;
  };
  const soon = () => {
    timer ??= setTimeout(() => void flush(), GATHER_MS);
  };
  return {
    link: (state) => {
      link = state;
      soon();
    },
    sessionsChanged: soon,
    [Symbol.asyncDispose]: async () => {
      await flush(); // the last word, for who started it
      await rm(file, { force: true });
    },
  };
}

/** What a running agent wrote last; null when there is none, or it is not to be understood. */
export async function readStatus(folder: string): Promise<AgentStatus | null> {
  const text = await readPrivateFile(path.join(folder, STATUS_FILE)).catch(() => null);
  try {
    return text === null ? null : agentStatus.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
