/** What the person in front of a foreground agent reads: one line when it is online, one for each new trouble. */
import type { LinkState } from './link/keeper.ts';

export interface Announcement {
  readonly name: string;
  readonly host: string;
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
}

/** Says a thing once, however often the state is told. */
export function createAnnouncer({ name, host, say, complain }: Announcement): (state: LinkState) => void {
  let last = '';
  const once = (key: string, speak: () => void) => {
    if (key !== last) speak();
    last = key;
  };
  return (state) => {
    switch (state.at) {
      case 'connecting':
        return;
      case 'online':
        once('online', () => say(`Online: this computer is ${name} at ${host}.`));
        return;
      case 'waiting':
        once(state.code, () =>
          complain(`Not connected (${state.failed_step}: ${state.code}). ${state.message} It is tried again.`),
        );
        return;
      case 'stopped':
        once(state.code, () => complain(state.message));
        return;
    }
  };
}
