/** Waiting for the next try, cut short when this computer woke, its network changed, or somebody asks. */
import os from 'node:os';
import { setTimeout as timer } from 'node:timers/promises';
import type { Moment } from '../../protocol/wire/moment.ts';
import { jumped } from './liveness.ts';

/** No event tells of a network here, so it is looked at, and only while waiting. Milliseconds. */
const LOOK_MS = 2_000;

export interface PauseParts {
  readonly moment: () => Moment;
  /** Addresses of this computer, as one text that differs when they do. */
  readonly network: () => string;
  /** Ends early by the signal, without an error. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Delay {
  readonly ms: number;
  /** Not less than this, whatever happens. */
  readonly leastMs: number;
}

/** Ends early when there is a reason to hope, or by the signal. Never throws. */
export async function pause(delay: Delay, { moment, network, sleep }: PauseParts, signal: AbortSignal): Promise<void> {
  const start = moment().monotonic;
  const end = start + delay.ms;
  let seen = { at: moment(), network: network() };
  while (!signal.aborted) {
    const left = end - moment().monotonic;
    if (left <= 0) return;
    await sleep(Math.min(left, LOOK_MS), signal);
    const now = { at: moment(), network: network() };
    const hope = jumped(seen.at, now.at) || now.network !== seen.network;
    if (hope && now.at.monotonic - start >= delay.leastMs) return;
    if (!hope) seen = now; // else the hope stands until the least time is over
  }
}

/** Link-local addresses come and go by themselves and lead nowhere. */
export function networkNow(): string {
  return Object.entries(os.networkInterfaces())
    .flatMap(([name, addresses]) => (addresses ?? []).map(({ address, internal }) => ({ name, address, internal })))
    .filter(({ address, internal }) => !internal && !address.startsWith('fe80:') && !address.startsWith('169.254.'))
    .map(({ name, address }) => `${name} ${address}`)
    .toSorted()
    .join('\n');
}

/** Milliseconds. */
export async function sleepUntil(ms: number, signal: AbortSignal): Promise<void> {
  await timer(ms, undefined, { signal }).catch(() => undefined);
}
