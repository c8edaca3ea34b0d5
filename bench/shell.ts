/** One shell as a benchmark sees it, whatever carries its bytes, and the product that offers such shells. */
export interface Shell extends AsyncDisposable {
  write(text: string): void;
  /** Replaces the consumer. What it returns is awaited before more is taken: a slow consumer is a slow promise. */
  consume(consumer: (chunk: Uint8Array) => Promise<void> | void): void;
}

export interface Target extends AsyncDisposable {
  readonly name: string;
  open(): Promise<Shell>;
  /** The processes that carry the bytes, without the shells: their memory counts. Empty: none but the benchmark itself. */
  readonly pids: readonly number[];
}

/** What every target starts, so that all run the same thing. */
export const SHELL = ['bash', '--norc', '--noprofile'] as const;
export const SIZE = { cols: 118, rows: 40 } as const;
