/**
 * Which requests the browser host answers at all. Anything on the computer, and any page in any browser on it, can reach a port on
 * loopback: only the window's own page may, and the launcher file once.
 */
import { socketPaths } from '../../../protocol/bridge/socket.ts';

export const launchPath = '/launch';

export interface Asked {
  readonly method: string;
  readonly pathname: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, which a page cannot set. */
  readonly site: string | undefined;
  readonly upgrade: boolean;
}

export type Route = 'file' | 'launch' | 'bridge' | 'terminal';
export type Refusal = 'wrong-host' | 'wrong-origin' | 'wrong-method' | 'not-found';
export type Judged = { readonly ok: true; readonly route: Route } | { readonly ok: false; readonly code: Refusal };

/** @param own host and port of this host, the only name it answers to: a name that was rebound to loopback is another */
export function judge(asked: Asked, own: string): Judged {
  if (asked.host !== own) return refuse('wrong-host');
  if (asked.upgrade) return judgeSocket(asked, own);
  if (asked.pathname === launchPath) return judgeLaunch(asked);
  return judgeFile(asked, own);
}

function judgeFile({ method, origin, site }: Asked, own: string): Judged {
  if (method !== 'GET' && method !== 'HEAD') return refuse('wrong-method');
  const sameSite = site === undefined || site === 'same-origin' || site === 'none';
  const sameOrigin = origin === undefined || origin === `http://${own}`;
  return sameSite && sameOrigin ? { ok: true, route: 'file' } : refuse('wrong-origin');
}

/** The launcher is a file, whose origin is none at all; its token, not its origin, lets it in. */
function judgeLaunch({ method, origin }: Asked): Judged {
  if (method !== 'POST') return refuse('wrong-method');
  return origin === 'null' ? { ok: true, route: 'launch' } : refuse('wrong-origin');
}

function judgeSocket({ origin, pathname }: Asked, own: string): Judged {
  if (origin !== `http://${own}`) return refuse('wrong-origin');
  if (pathname === socketPaths.bridge) return { ok: true, route: 'bridge' };
  if (pathname === socketPaths.terminal) return { ok: true, route: 'terminal' };
  return refuse('not-found');
}

const refuse = (code: Refusal): Judged => ({ ok: false, code });
