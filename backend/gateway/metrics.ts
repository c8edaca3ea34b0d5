/** Figures for collectors: requests by row, how long they took, open sockets, and the process itself. No names of anybody. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  /** `route`: the row's name; `none` for addresses that are not in the table. */
  request(route: string, status: number, seconds: number): void;
  /** Returns what is to be called when it closes. */
  socketOpened(route: string): () => void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'webxterm_http_requests_total',
    help: 'Requests answered, refused upgrades included.',
    labelNames: ['route', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'webxterm_http_request_duration_seconds',
    help: 'From the arrival of a request to the end of its answer.',
    labelNames: ['route'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const sockets = new Gauge({
    name: 'webxterm_open_sockets',
    help: 'WebSockets open now.',
    labelNames: ['route'],
    registers,
  });
  return {
    registry,
    request(route, status, seconds) {
      requests.inc({ route, status });
      durations.observe({ route }, seconds);
    },
    socketOpened(route) {
      sockets.inc({ route });
      return () => sockets.dec({ route });
    },
  };
}
