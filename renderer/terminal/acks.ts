/** Tells the producer what is drawn: promptly while it is waited for, gathered otherwise. */

/** A quarter of the smallest window there is: acked at once, so the producer never runs dry waiting. Bytes. */
const AT_ONCE = 16 * 1024;
/** How long the last few bytes may wait for company. */
const GATHER_MS = 10;

/** Calls back after so many milliseconds; returns what cancels it. */
export type Timer = (ms: number, callback: () => void) => () => void;

export interface Acks {
  /** Everything below `offset` is drawn. */
  drawn(offset: number): void;
  /** Says it now, even where nothing is new. */
  say(offset: number): void;
  /** What was not said yet is not said any more. */
  forget(): void;
}

export function createAcks(send: (offset: number) => void, after: Timer): Acks {
  let said = 0;
  let latest = 0;
  let cancel: (() => void) | null = null;

  const forget = (): void => {
    cancel?.();
    cancel = null;
  };
  const say = (offset: number): void => {
    forget();
    said = offset;
    latest = offset;
    send(offset);
  };
  return {
    say,
    forget,
    drawn(offset) {
      latest = offset;
      if (offset - said >= AT_ONCE) say(offset);
      else if (offset > said) cancel ??= after(GATHER_MS, () => say(latest));
    },
  };
}
