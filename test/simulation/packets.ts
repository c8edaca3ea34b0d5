/** What crosses virtual links: control messages as they are, frames as bytes, and pings. */
import { fromAgent, fromClient, toAgent, toClient } from '../../protocol/wire/control.ts';
import type { FromAgent, FromClient, HelloSession, ToAgent, ToClient } from '../../protocol/wire/control.ts';
import type { World } from './world.ts';

export type Ping = { readonly type: 'ping' | 'pong'; readonly id: number };
export type OfClient = FromClient | Uint8Array;
export type OfServiceToClient = ToClient | Uint8Array;
/** The agent's first message stands for its whole hello. */
export type Hello = { readonly type: 'sessions'; readonly sessions: readonly HelloSession[] };
export type OfAgent = FromAgent | Hello | Uint8Array | Ping;
export type OfServiceToAgent = ToAgent | { readonly type: 'ready' } | Uint8Array | Ping;

const MESSAGE_BYTES = 200;
const FRAME_OVERHEAD = 8;

export function sizeOf(packet: OfClient | OfServiceToClient | OfAgent | OfServiceToAgent): number {
  return packet instanceof Uint8Array ? packet.length + FRAME_OVERHEAD : MESSAGE_BYTES;
}

const schemas = { fromAgent, fromClient, toAgent, toClient };
/** A message that no schema reads would close the socket in life. */
export function checkMessage(world: World, direction: keyof typeof schemas, message: object): void {
  const read = schemas[direction].safeParse(message);
  if (!read.success) world.fail('unreadable', `${direction}: ${JSON.stringify(message)}: ${read.error.message}`);
}
