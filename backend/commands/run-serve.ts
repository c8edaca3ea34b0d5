/** `serve`: runs until it is told to stop, then lets everybody finish. */
import { once } from 'node:events';
import path from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { openData } from '../data/data-folder.ts';
import { usualRates } from '../gateway/rate-limits.ts';
import { usualServerLimits } from '../gateway/server.ts';
import { realDisk } from '../machines/recordings/recording-file.ts';
import { machineDefaults } from '../machines/settings.ts';
import { serve, type ServeParts } from '../serve.ts';
import { sentenceFor } from './sentences.ts';

export interface RunParts extends Pick<
  ServeParts,
  'library' | 'version' | 'now' | 'monotonic' | 'random' | 'newObjectId' | 'newUuid'
> {
  readonly config: Config;
  readonly log: Logger;
  /** Lines for the person. */
  readonly tell: (line: string) => void;
  readonly complain: (sentence: string) => void;
  /** Aborted when it is told to stop. */
  readonly signal: AbortSignal;
}

/** Answers the exit code. */
export async function runServe(parts: RunParts): Promise<number> {
  const { config, log, signal } = parts;
  const started = await serve({
    ...parts,
    openStore: openData,
    agentFile: path.join(import.meta.dirname, 'webxterm-agent.js'),
    machines: machineDefaults,
    disk: realDisk,
    passwords: { atOnce: 2, waiting: 100 },
    refusedEveryMs: 250,
    rates: usualRates,
    limits: usualServerLimits,
  });
  if (!started.ok) {
    parts.complain(sentenceFor(started.code, config));
    return 1;
  }
  await using serving = started.serving;
  const host = config.listenHost.includes(':') ? `[${config.listenHost}]` : config.listenHost;
  if (!signal.aborted) {
    log.info({ host, port: serving.port, data: config.dataFolder, role: config.role.is }, 'listening');
    if (isOpenWithoutName(config))
      log.warn('reached by other computers, but PUBLIC_URL is not set: their requests are refused');
    parts.tell(`listening on http://${host}:${serving.port}`);
    await once(signal, 'abort');
  }
  log.info('stopping');
  return 0;
}

function isOpenWithoutName({ listenHost, publicUrl }: Config): boolean {
  return publicUrl === null && ['0.0.0.0', '::'].includes(listenHost);
}
