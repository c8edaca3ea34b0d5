/** The middle of the bare relay: joins each client with the shell that waits for one. Tells its port to whoever started it. */
import { createWebSocketStream, WebSocketServer, type WebSocket } from 'ws';

const shells: WebSocket[] = [];
const clients: WebSocket[] = [];

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', (socket, { url }) => {
  socket.pause(); // until somebody listens
  (url === '/shell' ? shells : clients).push(socket);
  join();
});
server.on('listening', () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.(address?.port);
});

function join(): void {
  const [shell, client] = [shells[0], clients[0]];
  if (!shell || !client) return;
  shells.shift();
  clients.shift();
  const [far, near] = [createWebSocketStream(shell), createWebSocketStream(client)];
  for (const stream of [far, near]) stream.on('error', () => undefined); // the other end is gone: the shell ends by that
  far.pipe(near).pipe(far);
}
