/** What the broker knows of one client's socket: which terminal it is, what it asked for and what it has. */
import type { AttachMode, FromClient, ToClient } from '../../../protocol/wire/control.ts';
import { type Grant, limitOf } from '../../../protocol/wire/credit.ts';

/** A client's wish to have a session. */
export type AttachRequest = Extract<FromClient, { type: 'attach' }>;

/** One attach of a client, from when the agent is asked until it is over. */
export interface Attachment {
  readonly request: AttachRequest;
  /** Whether the client may control at all. */
  readonly owner: boolean;
  readonly mode: AttachMode;
  readonly channel: number;
  /** The agent answered: bytes flow. */
  confirmed: boolean;
  /** The next byte that this client lacks. */
  position: number;
  credit: Grant;
  /** The highest limit granted so far: the agent sends nothing beyond it. */
  granted: number;
}

export interface Client {
  readonly connection: number;
  /** The id of its terminal, once it asked for a session. */
  id: string | null;
  session: string | null;
  attachment: Attachment | null;
}

export function newAttachment(asked: Pick<Attachment, 'request' | 'owner' | 'mode' | 'channel'>): Attachment {
  const { request } = asked;
  const credit = { consumed: request.consumed ?? 0, window: request.window };
  return { ...asked, confirmed: false, position: request.want ?? 0, credit, granted: 0 };
}

/** The agent answered, with where the output starts; a fresh screen's credit counts from there. */
export function confirm(attachment: Attachment, outputOffset: number): void {
  attachment.confirmed = true;
  attachment.position = outputOffset;
  grant(attachment, { consumed: attachment.request.consumed ?? outputOffset, window: attachment.request.window });
}

export function grant(attachment: Attachment, credit: Grant): void {
  attachment.credit = credit;
  attachment.granted = Math.max(attachment.granted, limitOf(credit));
}

export function detached(
  attachment: Attachment,
  reason: Extract<ToClient, { type: 'detached' }>['reason'],
  code?: string,
): ToClient {
  return { type: 'detached', n: attachment.request.n, reason, ...(code === undefined ? {} : { code }) };
}
