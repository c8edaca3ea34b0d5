/** The port a session has to its pseudo-terminal: bytes both ways, size, end. What stands behind it differs by system. */

/** What to start, decided by `launch.ts`. `env` is the whole environment: nothing of the agent's own is added. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}
export interface Size {
  readonly cols: number;
  readonly rows: number;
}
/** How the program ended: a code, or the signal that ended it. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: string | null;
}
export interface PtyListener {
  /** Bytes the program wrote. The view is only good during the call: its memory is read into again. */
  readonly output: (bytes: Uint8Array) => void;
  /** After a `write` that took less than it was given: there may be room again. */
  readonly writable: () => void;
  /** Follows the last output. */
  readonly exited: (ended: Ended) => void;
}
export interface Pty {
  readonly pid: number;
  /** Never waits. Gives how many bytes were taken; less than all means: keep the rest until `writable`. */
  write(bytes: Uint8Array): number;
  /** Stops reading, so that the program waits. What is unread when the program ends is told then all the same. */
  pause(): void;
  resume(): void;
  resize(size: Size): void;
  /**
   * Hangs up, as a terminal that is closed does; what ignores that is killed after the grace. Ends with the program, or soon
   * after the grace where that may not be killed.
   */
  hangUp(graceMs: number): Promise<void>;
}
