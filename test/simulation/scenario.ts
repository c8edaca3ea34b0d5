/** What happens to a simulated world: drawn by chance from a seed, and the same for the same seed. */
import type { LinkQuality } from './link.ts';
import { oneOf, type Random, seededRandom } from './random.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

const KINDS = [
  'type', 'type', 'type', 'burst', 'burst', 'flood', 'query', 'mode', 'cutClient', 'cutClient', 'cutAgent', 'cutAgent',
  'restartService', 'replaceAgentLink', 'restartProgram', 'reload', 'breakPort', 'sleep', 'slow', 'stuck', 'resize',
  'startSecond', 'takeBySecond', 'takeByFirst', 'exit', 'kill', 'agentAway', 'everybodyLeaves', 'stallClient', 'stallAgent',
  'discard',
] as const; // prettier-ignore
const OF_THE_DISK = ['diskFull', 'diskSlow'] as const;
export type Kind = (typeof KINDS)[number] | (typeof OF_THE_DISK)[number];

export interface Incident {
  readonly at: number;
  readonly kind: Kind;
  /** Chance of its own: taking another incident away does not change this one. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
}
export interface Scenario {
  readonly lossy: boolean;
  readonly spanMs: number;
  readonly agentLink: LinkQuality;
  readonly clientLinks: readonly LinkQuality[];
  readonly ptyBytesPerMs: number;
  readonly drawBytesPerMs: number;
  /** Null: nothing is recorded. */
  readonly diskBytesPerMs: number | null;
  readonly incidents: readonly Incident[];
}

export function drawScenario(seed: number): Scenario {
  const random = seededRandom(seed);
  const lossy = random() < 0.12;
  const quality = (loss: number): LinkQuality => ({
    latencyMs: oneOf(random, [0.3, 2, 20, 80]),
    bytesPerMs: (oneOf(random, [0.3, 1, 10, 100]) * MIB) / 1000,
    loss,
  });
  const agentLink = quality(0);
  const clientLinks = [quality(lossy ? 0.02 : 0), quality(lossy ? 0.02 : 0)];
  const spanMs = (20 + Math.floor(random() * 71)) * 1000;
  const drawBytesPerMs = (oneOf(random, [0.3, 8, 40]) * MIB) / 1000;
  const incidents = drawIncidents(random, spanMs);
  const diskBytesPerMs = random() < 0.25 ? null : (oneOf(random, [3, 30, 300]) * MIB) / 1000;
  while (random() < 0.4) {
    const at = 2000 + random() * spanMs;
    incidents.push(incidentOf(random, at, oneOf(random, OF_THE_DISK)), incidentOf(random, at + 1000, 'flood'));
  }
  incidents.sort((a, b) => a.at - b.at);
  const speeds = { ptyBytesPerMs: (40 * MIB) / 1000, drawBytesPerMs, diskBytesPerMs };
  return { lossy, spanMs, agentLink, clientLinks, ...speeds, incidents };
}

function incidentOf(random: Random, at: number, kind: Kind): Incident {
  return { at, kind, x: random(), y: random(), z: random() };
}

function drawIncidents(random: Random, spanMs: number): Incident[] {
  const incidents: Incident[] = [];
  const add = (at: number, kind: Kind): void => void incidents.push(incidentOf(random, at, kind));
  const count = 3 + Math.floor(random() * 24);
  for (let index = 0; index < count; index += 1) {
    const at = 2000 + random() * spanMs;
    const kind = oneOf(random, KINDS);
    add(at, kind);
    if (kind !== 'cutClient' && kind !== 'cutAgent' && kind !== 'sleep') continue;
    // what hurts most is what was under way just then
    if (random() < 0.7) add(at - random() * 3000, 'type');
    if (random() < 0.5) add(at - random() * 200, oneOf(random, ['burst', 'flood', 'query']));
    if (random() < 0.3) add(at + random() * 8000, 'type');
  }
  return incidents;
}
