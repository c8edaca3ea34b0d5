/** What a person's `curl … | sh` fetches: the script, and the agent that it names by its checksum. */
import type { Logger } from 'pino';
import type { install } from '../../../protocol/api/install.ts';
import type { GroupHandlers } from '../../gateway/handlers.ts';
import { packAgent, type AgentArchive, type AgentProgram } from './archive.ts';
import { installScript } from './script.ts';

interface Parts {
  readonly agent: AgentProgram;
  readonly publicUrl: URL | null;
  readonly log: Pick<Logger, 'error'>;
}

/** It goes into a shell script: nothing that a shell would read as more than a word. */
const ORIGIN = /^https?:\/\/[\w.:[\]-]+$/;

export function installHandlers(parts: Parts): GroupHandlers<typeof install> {
  const archive = archiveOnce(parts);
  return {
    async script(_input, visitor) {
      const packed = await archive();
      if (!packed) return { refuse: { code: 'not-ready' } };
      const address = parts.publicUrl?.origin ?? `http://${visitor.host}`;
      if (!ORIGIN.test(address)) return { refuse: { code: 'wrong-host' } };
      return { body: installScript({ address, ...packed, version: parts.agent.version }) };
    },
    async package() {
      const packed = await archive();
      return packed ? { body: packed.bytes } : { refuse: { code: 'not-ready' } };
    },
  };
}

/** Packed at the first request and kept: script and archive always belong together. What failed is tried again. */
function archiveOnce({ agent, log }: Parts): () => Promise<AgentArchive | null> {
  let packing: Promise<AgentArchive | null> | undefined;
  return async () => {
    packing ??= packAgent(agent).catch((error: unknown) => {
      packing = undefined;
      log.error({ err: error }, 'the agent could not be packed for installation');
      return null;
    });
    return packing;
  };
}
