/** A machine service of which a test decides every answer: it proves itself to the auth service, and notes what it is handed. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { ASSERTION, createVerifier } from '../../backend/gateway/assertion.ts';

export interface ScriptedMachines extends AsyncDisposable {
  readonly url: string;
  /** In the order they came. */
  readonly asked: readonly IncomingMessage[];
}
interface Options {
  /** Of the auth service that comes; another, and it cannot prove itself. */
  readonly secret: string;
  readonly answer: RequestListener;
}

export async function scriptedMachines({ secret, answer }: Options): Promise<ScriptedMachines> {
  const verifier = createVerifier({ secret, now: Date.now });
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  const links = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    links.handleUpgrade(request, socket, head, (link) => {
      void verifier.prove(requestIdOf(request)).then((proof) => link.send(proof));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      for (const link of links.clients) link.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const assertion = z.object({ jti: z.string() });
function requestIdOf({ headers }: IncomingMessage): string {
  const [, payload = ''] = String(headers[ASSERTION]).split('.');
  return assertion.parse(JSON.parse(Buffer.from(payload, 'base64url').toString())).jti;
}
