/** The machine service's figures for collectors. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Meter } from './terminals/hub.ts';

interface Parts {
  readonly registry: Registry;
  readonly agents: () => number;
  readonly sessions: () => number;
  readonly terminals: () => number;
}

/** All is asked for when it is collected: what passes costs no more than an addition. */
export function createFigures({ registry, agents, sessions, terminals }: Parts): Meter {
  const gauge = (name: string, help: string, read: () => number): void => {
    const collect = function collect(this: Gauge): void {
      this.set(read());
    };
    registry.registerMetric(new Gauge({ name, help, registers: [], collect }));
  };
  gauge('webxterm_agents_connected', 'Agents connected to this node.', agents);
  gauge('webxterm_sessions_live', 'Sessions that live on agents of this node.', sessions);
  gauge('webxterm_terminals_connected', 'Sockets of clients with a terminal.', terminals);
  const relayed = { output: 0, input: 0 };
  const bytes = new Counter({
    name: 'webxterm_relayed_bytes_total',
    help: 'Payload bytes between agents and clients.',
    labelNames: ['direction'],
    registers: [],
    collect() {
      this.reset();
      for (const [direction, count] of Object.entries(relayed)) this.inc({ direction }, count);
    },
  });
  registry.registerMetric(bytes);
  return {
    relayed(direction, count) {
      relayed[direction] += count;
    },
  };
}
