/** Which sessions somebody has on a screen now, read off the messages that pass: for the status, not for deciding. */
import type { FromAgent } from '../../protocol/wire/control.ts';
import type { SessionMessage } from './exchange.ts';

interface Watched {
  readonly session: string;
  /** A session has one channel for control or recording; views have their own. */
  readonly main: boolean;
}
export type Screens = ReadonlyMap<number, Watched>;
export const noScreens: Screens = new Map();

export function received(screens: Screens, message: SessionMessage): Screens {
  switch (message.type) {
    case 'attach':
      return attached(screens, message);
    case 'detach':
      return without(screens, (channel) => channel === message.channel);
    case 'close':
      return without(screens, (_, watched) => watched.session === message.session_id);
    case 'open':
    case 'resize':
    case 'probe':
      return screens;
  }
}

/** The agent itself may end an attachment. */
export function told(screens: Screens, message: FromAgent): Screens {
  if (message.type !== 'detached' && message.type !== 'unknown-session') return screens;
  return without(screens, (channel) => channel === message.channel);
}

export function isOnScreen(screens: Screens, session: string): boolean {
  return [...screens.values()].some((watched) => watched.session === session);
}

function attached(
  screens: Screens,
  { session_id, channel, mode }: Extract<SessionMessage, { type: 'attach' }>,
): Screens {
  const main = mode !== 'view';
  const others = main ? without(screens, (_, watched) => watched.main && watched.session === session_id) : screens;
  if (mode === 'record') return others;
  return new Map([...others, [channel, { session: session_id, main }]]);
}

function without(screens: Screens, leave: (channel: number, watched: Watched) => boolean): Screens {
  return new Map([...screens].filter(([channel, watched]) => !leave(channel, watched)));
}
