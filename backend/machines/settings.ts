/** What an operator, or a test, may set of the machine service. */
export interface MachineSettings {
  /** How often an agent says how its machine is. */
  readonly heartbeatS: number;
  /** Agents that lost the service come back within this, each at its own moment. */
  readonly reconnectSpreadS: number;
  /** How long a session that nobody is attached to lives. */
  readonly sessionTtlS: number;
  readonly registrationTokenS: number;
  readonly maxSessionsPerUser: number;
  readonly maxSocketsPerUser: number;
  /** Sockets of one address that have not yet proven which agent they are. */
  readonly maxUnprovenPerAddress: number;
  /** The oldest version of the agents' protocol that is served; an older agent is told to update. */
  readonly oldestProtocol: number;
  readonly helloWithinMs: number;
  readonly pingMs: number;
  /** Nothing received for so long: gone. */
  readonly silentMs: number;
  /** A socket that is gone for less than this does not make a machine offline. */
  readonly offlineAfterMs: number;
  readonly heartbeatLostMs: number;
  /** How long heartbeats are gathered for one transaction. */
  readonly heartbeatBatchMs: number;
  /** A session of the plain dialect lives so long without its client. */
  readonly plainLingerS: number;
  /** At most one message per socket of `/api/events` in this time. */
  readonly eventGapMs: number;
}

export const machineDefaults: MachineSettings = {
  heartbeatS: 30,
  reconnectSpreadS: 10,
  sessionTtlS: 8 * 3600,
  registrationTokenS: 24 * 3600,
  maxSessionsPerUser: 50,
  maxSocketsPerUser: 200,
  maxUnprovenPerAddress: 64,
  oldestProtocol: 1,
  helloWithinMs: 5000,
  pingMs: 15_000,
  silentMs: 45_000,
  offlineAfterMs: 10_000,
  heartbeatLostMs: 120_000,
  heartbeatBatchMs: 1000,
  plainLingerS: 30,
  eventGapMs: 250,
};
