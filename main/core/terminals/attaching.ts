/** What a client asks of the service for its session, and how that stands: one thing at a time, each answer told from a late one. */
import type { AttachMode, FromClient } from '../../../protocol/wire/control.ts';
import type { Wanted } from './drawing.ts';

export interface Wish {
  /** Random, one per terminal, kept with it: input is numbered per client. */
  readonly client: string;
  readonly session:
    | { readonly openId: string; readonly shell?: string; readonly cwd?: string }
    | { readonly sessionId: string; readonly take: boolean };
  readonly cols: number;
  readonly rows: number;
}
export interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** `none`: nothing is asked on this socket. */
export type Stage = 'none' | 'opening' | 'asked' | 'waiting' | 'attached';

export interface Attaching {
  readonly stage: Stage;
  /** Null before it was opened. */
  readonly session: string | null;
  /** Of the last attach that was answered. */
  readonly mode: AttachMode;
  readonly inControl: boolean;
  /** It was asked for more than once: its shell may run though nobody said so. */
  readonly openedBefore: boolean;
  readonly wasAsked: boolean;
  open(size: Size): void;
  attach(wanted: Wanted, size: Size): void;
  opened(session: string): void;
  /** Whether an answer with this number is of the attach that is asked for now. */
  isPresent(n: number): boolean;
  waits(): void;
  /** Gives whether control was asked for and not got. */
  attached(mode: AttachMode): boolean;
  /** What was asked or attached is void. */
  leave(): void;
  /** The person wants control, at the next attach. */
  wantControl(): void;
  /** Another client took it: it is not for a program to take it back. */
  giveUpControl(): void;
}

export function createAttaching({ client, session: wish }: Wish, tell: (message: FromClient) => void): Attaching {
  let session = 'sessionId' in wish ? wish.sessionId : null;
  let take = 'sessionId' in wish && wish.take;
  let wanted: AttachMode = 'control';
  let mode: AttachMode = 'control';
  let stage: Stage = 'none';
  let opens = 0;
  let attaches = 0;

  return {
    get stage() {
      return stage;
    },
    get session() {
      return session;
    },
    get mode() {
      return mode;
    },
    get inControl() {
      return stage === 'attached' && mode === 'control';
    },
    get openedBefore() {
      return opens > 1;
    },
    get wasAsked() {
      return opens > 0 || session !== null;
    },
    open(size) {
      if (!('openId' in wish)) return;
      const { openId, shell, cwd } = wish;
      opens += 1;
      stage = 'opening';
      tell({ type: 'open', open_id: openId, ...size, ...(shell && { shell }), ...(cwd && { cwd }) });
    },
    attach(from, size) {
      if (session === null) return;
      attaches += 1;
      stage = 'asked';
      const asked = { mode: wanted, ...(take && { take }), ...from, ...size };
      tell({ type: 'attach', n: attaches, session_id: session, client, ...asked });
      take = false;
    },
    opened(id) {
      session = id;
      stage = 'none';
    },
    isPresent: (n) => n === attaches && (stage === 'asked' || stage === 'waiting' || stage === 'attached'),
    waits() {
      stage = 'waiting';
    },
    attached(granted) {
      const refused = granted === 'view' && wanted === 'control';
      stage = 'attached';
      mode = granted;
      wanted = granted;
      return refused;
    },
    leave() {
      stage = 'none';
    },
    wantControl() {
      take = true;
      wanted = 'control';
    },
    giveUpControl() {
      wanted = 'view';
    },
  };
}
