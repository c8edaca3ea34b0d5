/** What the pure part of a terminal asks its edge to do. Effects are performed at once, in order. */
import type { ToWindow } from '../../../protocol/bridge/terminal.ts';
import type { AttachMode, DetachReason, FromClient } from '../../../protocol/wire/control.ts';

/** How the terminal stands; what the edge knows beside it (next try, why a dial failed) it adds itself. */
export type Phase =
  | { readonly at: 'opening' }
  | { readonly at: 'attached'; readonly mode: AttachMode }
  /** The socket is gone, or the stream does not answer, or bytes were missing. */
  | { readonly at: 'reconnecting'; readonly why: DetachReason | 'lost' | 'stalled' | 'gap' }
  | { readonly at: 'machine-away' }
  | { readonly at: 'ended'; readonly exitCode: number | null; readonly signal?: string; readonly reason: string }
  | { readonly at: 'failed'; readonly code: string; readonly message: string };

export type Effect =
  /** `up`: keep a socket, dial with backoff. `anew`: drop this one and dial. `down`: none is needed. */
  | { readonly do: 'link'; readonly want: 'up' | 'anew' | 'down' }
  | { readonly do: 'tell'; readonly message: FromClient }
  | { readonly do: 'send'; readonly frame: Uint8Array }
  | { readonly do: 'show'; readonly message: ToWindow }
  | { readonly do: 'show-frame'; readonly frame: Uint8Array }
  | { readonly do: 'phase'; readonly phase: Phase }
  | { readonly do: 'session'; readonly sessionId: string };
export type Effects = readonly Effect[];
