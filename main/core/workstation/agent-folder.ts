/** What the agent's folder says: whether this computer is registered, and whether another program runs its agent. */
import { mkdirSync, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { CONFIG_FILE, registration, STATUS_FILE, type Registration } from '../../../protocol/agent/folder.ts';
import { agentStatus, type AgentStatus } from '../../../protocol/agent/status.ts';
import { coalesced } from '../coalesce.ts';
import type { Log } from '../log/log.ts';

export interface AgentFolder {
  readonly path: string;
  /** Null: this computer is not registered. */
  registration(): Promise<Registration | null>;
  /** What a living agent says of itself; null: none lives. */
  status(): Promise<AgentStatus | null>;
  /** Something in it may be different now. Ends with the signal. */
  watch(changed: () => void, signal: AbortSignal): void;
}
interface FolderParts {
  readonly path: string;
  readonly isAlive: (pid: number) => boolean;
  readonly log: Log;
}

const LOOK_EVERY_MS = 200;

export function openAgentFolder({ path, isAlive, log }: FolderParts): AgentFolder {
  const read = <T>(name: string, schema: z.ZodType<T>): Promise<T | null> => readPart(join(path, name), schema, log);
  return {
    path,
    registration: () => read(CONFIG_FILE, registration),
    async status() {
      const status = await read(STATUS_FILE, agentStatus);
      return status !== null && isAlive(status.pid) ? status : null;
    },
    watch(changed, signal) {
      const soon = coalesced(changed, LOOK_EVERY_MS, signal);
      try {
        mkdirSync(path, { recursive: true, mode: 0o700 });
        watch(path, { signal }, soon).on('error', (error) => log.warn({ err: error }, 'agent folder not watched'));
      } catch (error) {
        log.warn({ err: error }, 'agent folder not watched');
      }
    },
  };
}

async function readPart<T>(file: string, schema: z.ZodType<T>, log: Log): Promise<T | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      log.warn({ err: error }, 'agent file not read');
    return null;
  });
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    log.warn({ file }, 'agent file not understood');
    return null;
  }
}
