/**
 * Notices, in plain Node, that the computer slept or that its network changed. A timer that comes far too late, by a clock that goes
 * on in sleep, means sleep; other addresses on the interfaces mean another network. Neither has an event in Node, so it looks.
 */
import { networkInterfaces } from 'node:os';

const lookEveryMs = 2000;
/** A busy process is late by less, and a false alarm costs no more than a new connection. */
const sleptAfterMs = 8000;

export interface WakeParts {
  /** Time of day in ms, which goes on while the computer sleeps. */
  readonly now: () => number;
  /** What stands for the networks this computer is on. */
  readonly network: () => string;
}

/** @param signal ends it */
export function watchWake(listener: () => void, signal: AbortSignal, { now, network }: WakeParts): void {
  let looked = now();
  let known = network();
  const timer = setInterval(() => {
    const time = now();
    const present = network();
    const woke = time - looked > lookEveryMs + sleptAfterMs || present !== known;
    looked = time;
    known = present;
    if (woke) listener();
  }, lookEveryMs);
  timer.unref();
  signal.addEventListener(
    'abort',
    () => {
      clearInterval(timer);
    },
    { once: true },
  );
}

/** Addresses others can see; a link-local one comes and goes without meaning. */
export function presentNetwork(interfaces = networkInterfaces()): string {
  return Object.entries(interfaces)
    .flatMap(([name, addresses = []]) =>
      addresses
        .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
        .map(({ address }) => `${name} ${address}`),
    )
    .toSorted()
    .join('\n');
}
