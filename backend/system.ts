/** What load balancers and collectors ask: alive, ready, figures. */
import type { Registry } from 'prom-client';
import type { ServiceHandlers } from './gateway/handlers.ts';
import type { Store } from './store/store.ts';

export interface SystemParts {
  readonly store: Pick<Store, 'ping'>;
  readonly registry: Registry;
  readonly version: string;
  readonly isStopping: () => boolean;
  /** Whether the other service answers, where it is another process. */
  readonly isLinked: () => boolean;
}

export function createSystemHandlers(parts: SystemParts): ServiceHandlers<'each'>['system'] {
  return {
    health: () =>
      Promise.resolve({ status: 200, body: { status: 'ok', service: 'webxterm-backend', version: parts.version } }),
    async ready() {
      const answers = await parts.store.ping().then(
        () => true,
        () => false,
      );
      if (parts.isStopping() || !parts.isLinked() || !answers) return { refuse: { code: 'not-ready' } };
      return { status: 200, body: { status: 'ready' } };
    },
    metrics: async () => ({ body: await parts.registry.metrics() }),
  };
}
