/** Hands chunks to a consumer one at a time, holding the producer while too many wait. */

export interface Producer {
  pause(): void;
  resume(): void;
}

/** Bytes that may wait before the producer is held. */
const HOLD_ABOVE = 64 * 1024;

type Consumer = (chunk: Uint8Array) => Promise<void> | void;
export interface Chunks {
  /** Takes a chunk of the producer. */
  readonly take: (chunk: Uint8Array) => void;
  /** Replaces the consumer. */
  readonly consume: (consumer: Consumer) => void;
}

const ignore: Consumer = () => {};

export function createChunks(producer: Producer): Chunks {
  const waiting: Uint8Array[] = [];
  let bytes = 0;
  let held = false;
  let busy = false;
  let consumer: Consumer = ignore;

  const hold = (): void => {
    if (held === bytes > HOLD_ABOVE) return;
    held = !held;
    if (held) producer.pause();
    else producer.resume();
  };
  const drain = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (let chunk = waiting.shift(); chunk !== undefined; chunk = waiting.shift()) {
      const done = consumer(chunk);
      if (done !== undefined) await done;
      bytes -= chunk.length;
      hold();
    }
    busy = false;
  };
  return {
    take: (chunk) => {
      waiting.push(chunk);
      bytes += chunk.length;
      hold();
      void drain();
    },
    consume: (next) => {
      consumer = next;
    },
  };
}
