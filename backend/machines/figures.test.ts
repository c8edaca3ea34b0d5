import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createFigures } from './figures.ts';

it('are what there is when they are collected, and the sum of what passed, however often', async () => {
  const registry = new Registry();
  let agents = 1;
  const meter = createFigures({ registry, agents: () => agents, sessions: () => 2, terminals: () => 3 });
  meter.relayed('output', 100);
  meter.relayed('input', 1);
  await registry.metrics();
  agents = 5;
  meter.relayed('output', 10);
  const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines).toEqual([
    'webxterm_agents_connected 5',
    'webxterm_sessions_live 2',
    'webxterm_terminals_connected 3',
    'webxterm_relayed_bytes_total{direction="output"} 110',
    'webxterm_relayed_bytes_total{direction="input"} 1',
  ]);
});
