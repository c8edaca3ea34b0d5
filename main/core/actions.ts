/** Actions that the host asks every window for: a menu, a tray or a link was used. What nobody is there to hear is over. */
import type { EventOf } from '../../protocol/bridge/events.ts';
import type { Source } from './bridge.ts';

export interface Actions {
  request(action: string): void;
  readonly watch: Source<EventOf<'actions.requested'>>;
}

export function createActions(): Actions {
  const listeners = new Set<(event: EventOf<'actions.requested'>) => void>();
  return {
    request(action) {
      for (const listener of listeners) listener({ action });
    },
    watch(tell, signal) {
      listeners.add(tell);
      signal.addEventListener('abort', () => listeners.delete(tell), { once: true });
    },
  };
}
