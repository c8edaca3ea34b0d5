/** Whether the other end of a socket is still there: pings go out, and any message that comes is life. */
import type { WebSocket } from 'ws';
import { cutOffWhenFull, MOST_FOR_AGENT } from './send-queue.ts';
import type { MachineSettings } from './settings.ts';

interface Parts {
  readonly settings: Pick<MachineSettings, 'pingMs' | 'silentMs'>;
  readonly now: () => number;
  /** A ping's way there and back. */
  readonly measured?: (latencyMs: number) => void;
}

/** Ends with the socket. A socket that was paused here cannot be heard, so its silence means nothing. */
export function keepAlive(socket: WebSocket, { settings, now, measured }: Parts): void {
  let heardAt = now();
  let pingedAt: number | null = null;
  const heard = (): void => {
    heardAt = now();
  };
  const ping = (): void => {
    pingedAt = now();
    socket.ping();
  };
  const timer = setInterval(() => {
    if (socket.isPaused) heard(); // only a ping that cannot be delivered tells its end
    if (now() - heardAt >= settings.silentMs) socket.terminate();
    else ping();
  }, settings.pingMs);
  socket.on('message', heard).on('ping', () => {
    heard();
    cutOffWhenFull(socket, MOST_FOR_AGENT); // each ping is answered by itself
  });
  socket.on('pong', () => {
    heard();
    if (pingedAt !== null) measured?.(now() - pingedAt);
    pingedAt = null;
  });
  socket.on('close', () => clearInterval(timer));
  ping();
}
