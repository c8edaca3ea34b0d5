/** The gateway: the table and its handlers, served. The only part of the backend that knows HTTP. */
import type { Logger } from 'pino';
import type { Bus } from '../bus/bus.ts';
import type { Refusals } from '../store/refusals.ts';
import { createDesk } from './desk.ts';
import type { Door } from './door.ts';
import type { TableHandlers } from './handlers.ts';
import type { Metrics } from './metrics.ts';
import { createMatcher, otherRoutes, ownRoutes, type OwnRoute } from './routes.ts';
import { createServer, type ServerLimits } from './server.ts';
import { createSignInSockets } from './sign-in-sockets.ts';
import { attachSockets } from './sockets.ts';
import type { Upstream } from './upstream/upstream.ts';

export interface GatewayParts {
  /** Where people reach this server; null: on this machine only. */
  readonly publicUrl: URL | null;
  readonly listenHost: string;
  readonly door: Door;
  readonly refusals: Pick<Refusals, 'note'>;
  readonly handlers: Partial<TableHandlers>;
  /** Who answers the groups that have no handlers here; null: nobody does. */
  readonly upstream: Upstream | null;
  /** What is between the services, and in no contract. */
  readonly internal: readonly OwnRoute[];
  readonly bus: Bus;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly limits: ServerLimits;
  readonly isStopping: () => boolean;
  readonly now: () => number;
  readonly newUuid: () => string;
}
export interface Gateway extends AsyncDisposable {
  /** Rejects with the system's error: `EADDRINUSE`, `EACCES`. */
  listen(port: number): Promise<{ readonly port: number }>;
}

/** How long clients get to close their sockets. */
const SOCKET_GRACE_MS = 2_000;
/** How long requests get to be answered. */
const REQUEST_GRACE_MS = 10_000;

export function createGateway(parts: GatewayParts): Gateway {
  const { metrics, log, now, newUuid, isStopping } = parts;
  const { upstream, internal } = parts;
  const routes = [...ownRoutes(parts.handlers), ...internal, ...(upstream ? otherRoutes(parts.handlers) : [])];
  const match = createMatcher(routes);
  const isHttps = parts.publicUrl?.protocol === 'https:';
  const desk = createDesk(parts.door, parts.refusals);
  const server = createServer({
    routes,
    match,
    desk,
    upstream,
    metrics,
    log,
    isHttps,
    newUuid,
    isStopping,
    limits: parts.limits,
  });
  const ends = new AbortController();
  const signIns = createSignInSockets(parts.bus, now, ends.signal);
  const sockets = attachSockets(server.server, { match, desk, metrics, log, isHttps, newUuid, now, signIns, upstream });

  return {
    async listen(port) {
      const address = await server.listen({ port, host: parts.listenHost });
      return { port: Number(new URL(address).port) };
    },
    async [Symbol.asyncDispose]() {
      await sockets.close(SOCKET_GRACE_MS);
      ends.abort();
      const cutOff = setTimeout(() => server.server.closeAllConnections(), REQUEST_GRACE_MS);
      await server.close();
      clearTimeout(cutOff);
    },
  };
}
