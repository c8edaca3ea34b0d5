/** The bridge as the window sees it, the same in both hosts. */
import type { CallInput, CallName, CallOutput } from './calls.ts';
import type { EventName, EventOf } from './events.ts';
import type { Result } from './failure.ts';
import type { TerminalPort } from './terminal.ts';

export interface Bridge {
  /** Never rejects: what fails is a value. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>>;
  /** The present state comes first. Returns what ends the subscription. */
  on<N extends EventName>(name: N, listener: (event: EventOf<N>) => void): () => void;
  terminal(id: string): TerminalPort;
  /** Whether the main process is there; false while its connection is being made again. */
  onConnection(listener: (connected: boolean) => void): () => void;
}
