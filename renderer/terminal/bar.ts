/** What the bar of a terminal says: one sentence about how it stands, and what can be done about it. */
import type { TerminalState } from '../../protocol/bridge/events.ts';
import { durationText } from './durations.ts';
import type { Kept, LiveState } from './live-state.ts';
import { showPaste } from './paste.ts';

export type BarAction =
  | { readonly do: 'retry' | 'take-control' | 'again' | 'close' | 'sign-in' | 'dismiss'; readonly label: string }
  | { readonly do: 'kept'; readonly label: string; readonly send: boolean };

export interface Bar {
  /** The same while only its numbers change. */
  readonly kind: string;
  readonly tone: 'info' | 'warning' | 'danger';
  /** Something is under way. */
  readonly busy?: boolean;
  readonly text: string;
  /** When it tries again. */
  readonly nextTryAt?: string;
  /** What went wrong, in a sentence of its own. */
  readonly why?: string;
  /** For "details". */
  readonly detail?: string;
  /** Typed and not taken yet, all of it visible. */
  readonly typed?: string;
  readonly actions: readonly BarAction[];
}

type Around = Pick<LiveState, 'port' | 'mode' | 'kept' | 'discarded'>;

const RETRY = { do: 'retry', label: 'Retry now' } as const;
const AGAIN = { do: 'again', label: 'Open again' } as const;
const CLOSE = { do: 'close', label: 'Close tab' } as const;

/** Null while all is as it should be: nothing lies over the screen then. */
export function barFor(state: TerminalState, around: Around): Bar | null {
  switch (state.at) {
    case 'ended':
      return endedBar(state);
    case 'failed':
      return failedBar(state);
    case 'closing':
      return { kind: 'closing', tone: 'info', text: 'Closing. It can still be taken back.', actions: [] };
    case 'opening':
    case 'attached':
    case 'reconnecting':
    case 'machine-away':
      return portBar(around) ?? askBar(around.kept) ?? liveBar(state, around);
  }
}

function liveBar(
  state: Exclude<TerminalState, { at: 'ended' | 'failed' | 'closing' }>,
  { mode, kept, discarded }: Around,
): Bar | null {
  const typed = typedText(kept);
  switch (state.at) {
    case 'opening':
      return { kind: 'opening', tone: 'info', busy: true, text: 'Opening the session', ...typed, actions: [] };
    case 'reconnecting':
      return {
        kind: 'reconnecting',
        tone: 'warning',
        busy: true,
        text: 'Reconnecting, nothing is lost.',
        ...(state.next_try_at === null ? {} : { nextTryAt: state.next_try_at }),
        ...(state.why ? { why: state.why.message, ...details(state.why) } : {}),
        ...typed,
        actions: [RETRY],
      };
    case 'machine-away':
      return {
        kind: 'machine-away',
        tone: 'warning',
        busy: true,
        text: 'The machine is away. This goes on by itself when it is back; the session waits there.',
        ...typed,
        actions: [RETRY],
      };
    case 'attached':
      return (state.mode === 'view' || mode === 'view' ? VIEWING : null) ?? discardedBar(discarded);
  }
}

const VIEWING: Bar = {
  kind: 'view',
  tone: 'info',
  text: 'You are watching. Another device or person controls this session.',
  actions: [{ do: 'take-control', label: 'Take control' }],
};

function endedBar(state: Extract<TerminalState, { at: 'ended' }>): Bar {
  return {
    kind: 'ended',
    tone: state.exit_code === 0 ? 'info' : 'warning',
    text: `${endSentence(state)} It ran for ${durationText(state.duration_ms)}. Press Enter to open it again.`,
    actions: [AGAIN, CLOSE],
  };
}

function endSentence({ exit_code, signal, reason }: Extract<TerminalState, { at: 'ended' }>): string {
  const why = REASONS[reason];
  if (why !== undefined) return why;
  if (signal !== undefined) return `The session was ended by signal ${signal}.`;
  return exit_code === null ? 'The session ended.' : `The session ended with exit code ${exit_code}.`;
}

/** Why it ended, where it was not by its own exit. A reason that is not here is new, and its exit is shown. */
const REASONS: Readonly<Record<string, string>> = {
  closed: 'The session was closed.',
  expired: 'The session ended: nobody was attached for too long.',
  revoked: 'The session was ended: you may not use this machine any more.',
  terminated: 'The session was ended by an administrator.',
  'agent-gone': 'The session is lost: the agent on the machine was started anew.',
  failed: 'The session could not be started on the machine.',
};

function failedBar({ failure }: Extract<TerminalState, { at: 'failed' }>): Bar {
  const signIn = failure.code === 'signed-out';
  return {
    kind: 'failed',
    tone: 'danger',
    text: failure.message,
    ...details(failure),
    actions: [signIn ? { do: 'sign-in', label: 'Sign in' } : { do: 'again', label: 'Try again' }, CLOSE],
  };
}

function portBar({ port }: Around): Bar | null {
  switch (port) {
    case 'lost':
      return {
        kind: 'lost',
        tone: 'warning',
        busy: true,
        text: 'This window lost the app and is looking for it. The session goes on.',
        actions: [RETRY],
      };
    case 'gone':
      return {
        kind: 'gone',
        tone: 'danger',
        text: 'The app does not know this terminal any more.',
        actions: [RETRY, CLOSE],
      };
    case 'opening':
    case 'ready':
      return null;
  }
}

function askBar(kept: Kept | null): Bar | null {
  if (kept === null || !kept.ask) return null;
  return {
    kind: 'ask',
    tone: 'warning',
    text: 'This was typed a while ago and is not sent yet. Send it now?',
    ...typedText(kept),
    actions: [
      { do: 'kept', label: 'Send', send: true },
      { do: 'kept', label: 'Discard', send: false },
    ],
  };
}

function discardedBar(discarded: number): Bar | null {
  if (discarded === 0) return null;
  return {
    kind: 'discarded',
    tone: 'warning',
    text: 'What you typed while the app was away was not sent.',
    actions: [{ do: 'dismiss', label: 'All right' }],
  };
}

function typedText(kept: Kept | null): { readonly typed?: string } {
  if (kept === null || kept.bytes === 0) return {};
  const shown = showPaste(kept.preview).replaceAll('\n', '').replaceAll('\t', '');
  const rest = kept.bytes - new TextEncoder().encode(kept.preview).length;
  return { typed: rest > 0 ? `${shown} … and ${rest} more bytes` : shown };
}

function details(failure: { detail?: string | undefined; request_id?: string | undefined }): {
  readonly detail?: string;
} {
  const lines = [failure.detail, failure.request_id === undefined ? undefined : `Request ${failure.request_id}`];
  const detail = lines.filter((line) => line !== undefined).join('\n');
  return detail === '' ? {} : { detail };
}
