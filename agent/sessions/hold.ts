/** What a consumer that was lost had still granted stands for 60 s, so that a short blip loses nothing. Then the shell goes on. */
export const HOLD_MS = 60_000;

interface Held {
  readonly limit: number;
  readonly until: number;
}
const NOTHING: Held = { limit: Number.POSITIVE_INFINITY, until: Number.NEGATIVE_INFINITY };

export interface Hold {
  /** The client in control is gone, at this monotonic time; its credit went up to `limit`. */
  clientLost(limit: number, now: number): void;
  /** The link is gone, and with it whoever limited the main channel. */
  linkLost(limit: number, now: number): void;
  /** The service grants anew. A lost client's credit stands until a client takes its place: it is counted once. */
  granted(byClient: boolean): void;
  /** How far the held credit lets the shell go; Infinity when nothing is held. */
  limit(now: number): number;
  /** When the first of what is held ends; Infinity when nothing is held. */
  deadline(now: number): number;
}

export function createHold(): Hold {
  let client = NOTHING;
  let link = NOTHING;
  return {
    clientLost(limit, now) {
      client = { limit, until: now + HOLD_MS };
    },
    linkLost(limit, now) {
      link = { limit, until: now + HOLD_MS };
    },
    granted(byClient) {
      link = NOTHING;
      if (byClient) client = NOTHING;
    },
    limit: (now) => Math.min(limitNow(client, now), limitNow(link, now)),
    deadline: (now) => Math.min(endOf(client, now), endOf(link, now)),
  };
}

const limitNow = (held: Held, now: number): number => (now < held.until ? held.limit : Number.POSITIVE_INFINITY);
const endOf = (held: Held, now: number): number => (now < held.until ? held.until : Number.POSITIVE_INFINITY);
