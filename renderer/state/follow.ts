/** Listens to one event of the bridge until the signal ends it. */
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import type { EventName, EventOf } from '../../protocol/bridge/events.ts';

export function follow<N extends EventName>(
  bridge: Pick<Bridge, 'on'>,
  name: N,
  signal: AbortSignal,
  listener: (event: EventOf<N>) => void,
): void {
  if (signal.aborted) return;
  const stop = bridge.on(name, listener);
  signal.addEventListener('abort', stop, { once: true });
}
