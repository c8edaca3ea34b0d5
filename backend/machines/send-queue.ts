/** What waits to be sent on a socket is bounded: whoever asks for much and reads nothing is cut off, and fills no memory. */
import type { WebSocket } from 'ws';

/** Far above the windows that clients of ours ask for. Bytes. */
export const MOST_FOR_CLIENT = 8 * 1024 * 1024;
/** Above what all sessions of one agent may have typed and not taken. Bytes. */
export const MOST_FOR_AGENT = 32 * 1024 * 1024;

type Sending = Pick<WebSocket, 'bufferedAmount' | 'send' | 'terminate'>;

/** Sends, and cuts the socket off when too much waits: its other end comes back for what it lacks. */
export function sendBounded(socket: Sending, message: string | Uint8Array, most: number): void {
  socket.send(message);
  cutOffWhenFull(socket, most);
}

export function cutOffWhenFull(socket: Pick<Sending, 'bufferedAmount' | 'terminate'>, most: number): void {
  if (socket.bufferedAmount > most) socket.terminate();
}
