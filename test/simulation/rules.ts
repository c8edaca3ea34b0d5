/**
 * The rules that a simulation can take away, by having the edges around the pure parts misbehave. With all of them in place
 * nothing may break; each one taken away must break something, or the simulation would prove nothing.
 */
export const rules = {
  lateInput: 'the agent learns when input was typed, and refuses what is late',
  personDecides: 'a person is asked before old input is sent',
  evict: 'only a person takes control from another client',
  answeredOffset: 'queries that were answered are not answered again',
  modes: 'a screen that begins in the midst of the output is told its modes',
  probe: 'a client asks each 3 s whether bytes flow',
  readOff: 'the PTY is left alone while credit is used up',
  truthfulWrite: 'input counts as taken when the PTY took it',
  lastOutputFirst: 'the end is told after the last output',
  truthfulHello: 'a returning agent tells which sessions it has',
  openOnce: 'a wish for a session has a name, so that it is granted once',
  wholeOutput: 'a frame of output is never lost within a socket',
  boundedWindow: 'a client grants what it can draw soon',
  closedAtHello: 'a session that was ended while its agent was away is closed when it comes back',
  hold: 'what a lost client had granted stands for a minute',
  recorderHolds: 'the recorder too limits what the agent sends',
  letGo: 'a recorder that stores nothing for 10 s holds nobody',
  recordedFrom: 'a recording goes on where it ends',
  release: 'a client that is gone is told to the agent, so that it lets the shell run on',
} as const;
export type Rule = keyof typeof rules;
