/** A virtual socket: first in first out both ways, with a rate and a latency; it may be cut with anything in flight, or stall. */
import type { World } from './world.ts';

/** Silent for so long, a peer is taken for gone. */
export const SILENT_MS = 45_000;

export interface LinkQuality {
  readonly latencyMs: number;
  readonly bytesPerMs: number;
  /** How many of its messages are lost, 0 to 1. */
  readonly loss: number;
}
export interface Hearing<R> {
  receive(message: R): void;
  closed(why: string): void;
}
export interface End<S, R> {
  hear(hearing: Hearing<R>): void;
  send(message: S, bytes: number): void;
  close(why: string): void;
  /** What this end still has to send out. */
  readonly buffered: number;
}
export interface Link<A, B> {
  /** The end that dialled. */
  readonly near: End<A, B>;
  readonly far: End<B, A>;
  readonly isCut: boolean;
  /** Nothing more passes; each end notices after a while. */
  cut(nearNoticesMs: number, farNoticesMs: number): void;
  /** Nothing passes for a while, then all of it. */
  stall(ms: number): void;
  /** From now on nothing is lost. */
  heal(): void;
}

interface Half {
  queue: { readonly arrives: number; readonly deliver: () => void }[];
  busyUntil: number;
  lastArrival: number;
}
const newHalf = (): Half => ({ queue: [], busyUntil: 0, lastArrival: 0 });

export function createLink<A, B>(world: World, quality: LinkQuality): Link<A, B> {
  const shared = { frozenUntil: 0, isCut: false, loss: quality.loss };
  const halves = { near: newHalf(), far: newHalf() };
  const near = createSide<B>();
  const far = createSide<A>();

  const pump = (half: Half): void => {
    const [first] = half.queue;
    if (first === undefined) return;
    world.at(Math.max(first.arrives, shared.frozenUntil), () => {
      if (shared.isCut || half.queue.length === 0) return;
      if (world.now < shared.frozenUntil) return pump(half);
      half.queue.shift()?.deliver();
      pump(half);
    });
  };
  const transmit = (half: Half, bytes: number, deliver: () => void): void => {
    half.busyUntil = Math.max(world.now, half.busyUntil, shared.frozenUntil) + bytes / quality.bytesPerMs;
    if (shared.isCut) return;
    const arrives = Math.max(half.lastArrival, half.busyUntil + quality.latencyMs * (0.5 + world.random()));
    half.lastArrival = arrives;
    half.queue.push({ arrives, deliver });
    if (half.queue.length === 1) pump(half);
  };
  const end = <S, R>(half: Half, own: Receiver<R>, other: Receiver<S>): End<S, R> => ({
    hear(hearing) {
      own.hearing = hearing;
    },
    send(message, bytes) {
      if (own.isClosed || (shared.loss > 0 && world.random() < shared.loss)) return;
      transmit(half, bytes, () => {
        if (!other.isClosed) other.hearing?.receive(message);
      });
    },
    close(why) {
      if (own.isClosed) return;
      transmit(half, 50, () => closeBy(other, why));
      own.isClosed = true;
      if (!shared.isCut) world.after(SILENT_MS, () => closeBy(other, 'lost'));
    },
    get buffered() {
      return Math.max(0, half.busyUntil - Math.max(world.now, shared.frozenUntil)) * quality.bytesPerMs;
    },
  });
  return {
    near: end<A, B>(halves.near, near, far),
    far: end<B, A>(halves.far, far, near),
    get isCut() {
      return shared.isCut;
    },
    cut(nearNoticesMs, farNoticesMs) {
      if (shared.isCut) return;
      shared.isCut = true;
      for (const half of [halves.near, halves.far]) half.queue = [];
      world.after(nearNoticesMs, () => closeBy(near, 'lost'));
      world.after(farNoticesMs, () => closeBy(far, 'lost'));
    },
    stall(ms) {
      shared.frozenUntil = Math.max(shared.frozenUntil, world.now + ms);
    },
    heal() {
      shared.loss = 0;
    },
  };
}

/** Where messages of one direction end up. */
interface Receiver<R> {
  hearing: Hearing<R> | null;
  isClosed: boolean;
}
const createSide = <R>(): Receiver<R> => ({ hearing: null, isClosed: false });

function closeBy<R>(side: Receiver<R>, why: string): void {
  if (side.isClosed) return;
  side.isClosed = true;
  side.hearing?.closed(why);
}
