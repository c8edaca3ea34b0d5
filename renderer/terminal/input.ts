/** What the person types, on its way to the session: frames numbered per port, stamped with when it was typed. */
import type { TerminalPort } from '../../protocol/bridge/terminal.ts';
import { encode, MAX_PAYLOAD } from '../../protocol/wire/frame.ts';
import { age, type Moment } from '../../protocol/wire/moment.ts';

/** What may wait for a port; more is not taken. Bytes. */
const MAX_WAITING = 64 * 1024;
/** Older than this it would be a surprise: it is thrown away, and said. */
const STALE_MS = 5000;
/** The stamp has 24 bits. */
const STAMPS = 2 ** 24;

export interface Input {
  /** The port is ready: stamps count from now. Sends what waited; returns how many bytes were too old and are gone. */
  connect(port: TerminalPort): number;
  lost(): void;
  /** False when it was not taken. */
  type(bytes: Uint8Array): boolean;
}

interface Connected {
  readonly port: TerminalPort;
  readonly since: Moment;
  offset: number;
}

export function createInput(now: () => Moment): Input {
  let connected: Connected | null = null;
  let waiting: { readonly bytes: Uint8Array; readonly at: Moment }[] = [];
  const waitingBytes = (): number => waiting.reduce((sum, { bytes }) => sum + bytes.length, 0);

  const send = (to: Connected, bytes: Uint8Array): void => {
    const typedAt = tenthsSince(to.since, now()) % STAMPS;
    for (let start = 0; start < bytes.length; start += MAX_PAYLOAD) {
      const payload = bytes.subarray(start, start + MAX_PAYLOAD);
      to.port.sendFrame(encode({ kind: 'input', channel: 0, typedAt, offset: to.offset, payload }));
      to.offset += payload.length;
    }
  };

  return {
    connect(port) {
      connected = { port, since: now(), offset: 0 };
      const kept = waiting;
      const total = waitingBytes();
      waiting = [];
      // One old key makes all that follows it a surprise.
      if (kept.some(({ at }) => age(at, now()) > STALE_MS)) return total;
      for (const { bytes } of kept) send(connected, bytes);
      return 0;
    },
    lost: () => void (connected = null),
    type(bytes) {
      if (connected !== null) send(connected, bytes);
      else if (waitingBytes() + bytes.length > MAX_WAITING) return false;
      else waiting.push({ bytes, at: now() });
      return true;
    },
  };
}

/** By whichever clock went further: one of them stands still in sleep. */
const tenthsSince = (then: Moment, at: Moment): number =>
  Math.floor(Math.max(at.monotonic - then.monotonic, at.wall - then.wall) / 100);
