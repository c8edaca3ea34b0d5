/** What the pure part of the agent asks its edges to do. Effects are performed at once, in order. */
import type { FrameError } from '../../protocol/wire/frame.ts';
import type { FromAgent, ToAgent } from '../../protocol/wire/control.ts';

/** What a shell is started with, as the service asked for it. */
export type Launch = Extract<ToAgent, { type: 'open' }>;

/** Asked of the PTY of one session. */
export type PtyEffect =
  /** Start the shell, then tell `started` or `refused`. */
  | { readonly do: 'start'; readonly session: string; readonly launch: Launch }
  /** Write without blocking and tell `wrote` with what the PTY took, before anything else is told. */
  | { readonly do: 'write'; readonly session: string; readonly bytes: Uint8Array }
  /** Read the PTY, or leave its output in it. What was read already may still be told. A new shell is read. */
  | { readonly do: 'read'; readonly session: string; readonly on: boolean }
  | { readonly do: 'resize'; readonly session: string; readonly cols: number; readonly rows: number }
  /** What passed in the output may be a mark of the shell; between `ESC ]` and BEL. */
  | { readonly do: 'mark'; readonly session: string; readonly content: Buffer }
  /** The session is over: end what runs in it, free everything, tell nothing more of it. */
  | { readonly do: 'kill'; readonly session: string };

/** Asked of the socket to the service. */
export type LinkEffect =
  | { readonly do: 'tell'; readonly message: FromAgent }
  /** The bytes are the link's from now on: nobody writes into them again. */
  | { readonly do: 'send'; readonly frame: Uint8Array }
  /** A WebSocket ping with this number as its text; its pong comes back as `pong`. */
  | { readonly do: 'ping'; readonly id: number }
  /** The service sent what cannot be read: close with 1008. */
  | { readonly do: 'refuse'; readonly code: Unreadable };

/** Why a frame of the service cannot be read. */
export type Unreadable = FrameError | 'wrong-direction';

export type Effect = PtyEffect | LinkEffect;
export type Effects = readonly Effect[];
