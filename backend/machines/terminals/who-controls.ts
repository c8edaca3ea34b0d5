/** Whether an attach gets control of a session. Nobody loses it to a program: only a person's act takes it from another client. */
import type { AttachMode } from '../../../protocol/wire/control.ts';

/** So long a client that lost its socket keeps control from being given to another. */
export const CONTROL_KEPT_MS = 60_000;

export interface Asking {
  readonly client: string;
  readonly mode: AttachMode;
  readonly take: boolean;
  /** Only the owner of a session controls it. */
  readonly owner: boolean;
}
/** Who had control last: `until` it is kept for that client, Infinity while it is attached. */
export interface LastControl {
  readonly client: string | null;
  readonly until: number;
}

export function grantedMode(asking: Asking, last: LastControl, now: number): AttachMode {
  if (asking.mode === 'view' || !asking.owner) return 'view';
  const keptForAnother = last.client !== null && last.client !== asking.client && now < last.until;
  return keptForAnother && !asking.take ? 'view' : 'control';
}
