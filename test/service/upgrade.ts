/** Asking for a WebSocket by hand: what the server answers before, or instead of, the upgrade. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface UpgradeAnswer {
  /** 101: it was upgraded, and cut at once. */
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export async function askUpgrade(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<UpgradeAnswer> {
  const asked = request(url, {
    method,
    agent: false,
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      ...headers,
    },
  });
  asked.end();
  const answered = new Promise<UpgradeAnswer>((resolve, reject) => {
    asked.once('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: 101, headers: response.headers, body: null });
    });
    asked.once('response', (response) => {
      text(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(body) }),
        reject,
      );
    });
    asked.once('error', reject);
  });
  const answer = await answered;
  if (!asked.destroyed) await once(asked, 'close');
  return answer;
}
