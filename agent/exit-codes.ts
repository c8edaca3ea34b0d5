/** How the program ends, for scripts and service managers. */
export const EXIT = {
  done: 0,
  /** It was tried and did not work; the sentence says why. */
  failed: 1,
  /** The command line cannot be meant so. */
  usage: 2,
  /** No configuration, or none that can be used. */
  notConfigured: 3,
  /** Another agent runs from this folder. */
  alreadyRunning: 4,
  /** The server removed this machine: starting again is no use. */
  revoked: 5,
  /** `status`: no agent runs, or it is not connected. */
  notOnline: 6,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_HELP = `Exit codes:
  0  done
  1  it did not work; the message says why
  2  wrong usage
  3  not configured, or the configuration cannot be used
  4  an agent already runs from this folder
  5  the server removed this machine
  6  status: no agent runs here, or it is not connected`;
