/** How far a connection came: what a person has to mend differs at each step. */
import type { ClientRequest } from 'node:http';
import { isIP, type Socket } from 'node:net';
import type { ConnectStep } from '../../protocol/agent/status.ts';

export interface Route {
  /** Without brackets. */
  readonly host: string;
  readonly encrypted: boolean;
  /** Scheme, host and port of the proxy, never its password; null without one. */
  readonly proxy: string | null;
}

/** Watches a request that was not sent yet. The function tells the step it is at. */
export function watchSteps(request: ClientRequest, route: Route): () => ConnectStep {
  const secured: ConnectStep = route.encrypted ? 'tls' : 'http';
  let step: ConnectStep = 'name';
  if (isIP(route.host) !== 0) step = 'tcp';
  if (route.proxy !== null) step = 'proxy';

  const through = (next: ConnectStep) => () => {
    step = next;
  };
  let refusedByProxy = false;
  request.once('proxyConnect', ({ statusCode }: { readonly statusCode?: number }) => {
    refusedByProxy = statusCode !== undefined && statusCode !== 200; // what follows is the proxy’s answer, not the server’s
  });
  request.once('socket', (socket: Socket) => {
    socket.once('secureConnect', through('http'));
    if (route.proxy !== null) {
      if (!refusedByProxy) step = secured;
      return;
    }
    socket.once('lookup', (error: Error | null) => {
      if (error === null) step = 'tcp';
    });
    socket.once('connect', through(secured));
  });
  return () => step;
}
