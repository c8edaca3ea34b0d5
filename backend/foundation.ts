/** What each role stands on: its locks, the store, the signing secret, figures, and whether it is stopping. */
import type { Logger } from 'pino';
import type { Service } from '../protocol/api/table.ts';
import type { Config } from './config.ts';
import { lockData, signingSecret, type DataFault, type DataParts, type Got } from './data/data-folder.ts';
import { createMetrics, type Metrics } from './gateway/metrics.ts';
import type { Opened } from './opened.ts';
import { createRefusals, type Refusals } from './store/refusals.ts';
import type { Store } from './store/store.ts';

export interface Foundation {
  readonly store: Store;
  readonly refusals: Refusals;
  readonly secret: string;
  readonly metrics: Metrics;
  readonly isStopping: () => boolean;
  /** Ends what still comes in; to be opened last, so that it is closed first. */
  readonly stopping: Disposable;
}
export interface FoundationParts extends Omit<DataParts, 'folder' | 'databaseUrl'> {
  readonly log: Pick<Logger, 'error'>;
  readonly openStore: (parts: DataParts) => Promise<Got<Store>>;
  readonly config: Pick<Config, 'role' | 'dataFolder' | 'databaseUrl' | 'jwtSecret'>;
}
export type Laid = { readonly ok: true; readonly value: Foundation } | { readonly ok: false; readonly code: DataFault };

/** Refusals of a kind are counted together for so long. */
const REFUSALS_MS = 10 * 60_000;

export async function layFoundation(parts: FoundationParts, opened: Opened): Promise<Laid> {
  const { config, library } = parts;
  const folder = config.dataFolder;
  const lock = lockData({ folder, library, services: servicesOf(config.role) });
  if (!lock.ok) return lock;
  opened.use(lock.value);
  const data = await parts.openStore({ ...parts, folder, databaseUrl: config.databaseUrl });
  if (!data.ok) return data;
  const store = opened.use(data.value);
  const secret = config.jwtSecret === null ? signingSecret(folder) : { ok: true as const, value: config.jwtSecret };
  if (!secret.ok) return secret;
  const refusals = opened.use(
    createRefusals({
      store,
      failed: (error) => parts.log.error({ err: error }, 'a refusal could not be stored'),
      windowMs: REFUSALS_MS,
    }),
  );
  const state = { stopping: false };
  const stopping = {
    [Symbol.dispose]() {
      state.stopping = true;
    },
  };
  return {
    ok: true,
    value: {
      store,
      refusals,
      secret: secret.value,
      metrics: createMetrics(),
      isStopping: () => state.stopping,
      stopping,
    },
  };
}

function servicesOf(role: Config['role']): readonly Service[] {
  return role.is === 'all' ? ['auth', 'machines'] : [role.is];
}
