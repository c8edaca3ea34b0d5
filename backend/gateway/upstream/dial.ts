/** The way to the machine service: connections that are kept, and every request with its assertion. */
import http, { type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { ASSERTION, type Voucher } from '../assertion.ts';
import type { Admitted } from '../door.ts';
import { requestHeaders, withoutToken } from './headers.ts';

export interface DialParts {
  readonly url: URL;
  readonly voucher: Pick<Voucher, 'sign'>;
  /** How long the machine service may be silent before it answers. */
  readonly silentMs: number;
}
type From = Pick<Admitted, 'visitor' | 'member'>;
export interface Dial extends Disposable {
  /** The same request, for the other side. Not sent yet: with or without a body, whoever asked for it ends it. */
  (request: IncomingMessage, from: From, change: OutgoingHttpHeaders): Promise<ClientRequest>;
}

/** Less than the other side keeps an idle connection, so that none is used just as it closes it. */
const IDLE_MS = 30_000;

export function createDial({ url, voucher, silentMs }: DialParts): Dial {
  const { Agent, request: begin } = url.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  const dial = async (incoming: IncomingMessage, { visitor, member }: From, change: OutgoingHttpHeaders) => {
    const { method = 'GET', url: asked = '/' } = incoming;
    const path = withoutToken(asked);
    const bearer = member
      ? { sid: member.signInId, user_id: member.account.id, organization_id: member.account.organizationId }
      : null;
    const assertion = await voucher.sign({ bearer, visitor }, { method, target: path });
    const headers = { ...requestHeaders(incoming), ...change, host: url.host, [ASSERTION]: assertion };
    const request = begin(url, { agent, method, path, headers });
    request.setTimeout(silentMs, () => request.destroy(new Error('the machine service is silent')));
    return request;
  };
  return Object.assign(dial, { [Symbol.dispose]: () => agent.destroy() });
}
