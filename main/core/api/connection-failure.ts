/** Why no answer came: errors of sockets, TLS and proxies, told apart for the person. */
import { z } from 'zod';
import type { DesktopFailureCode, Failure } from '../../../protocol/bridge/failure.ts';
import type { Proxied } from '../network/network.ts';
import { desktopFailure } from '../outcome.ts';

const CODES: Readonly<Record<string, DesktopFailureCode>> = {
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-not-found',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'timed-out',
  ECONNRESET: 'cut-off',
  EPIPE: 'cut-off',
  ERR_STREAM_PREMATURE_CLOSE: 'cut-off',
  ERR_BAD_RESPONSE: 'cut-off', // the client's word for an answer that ended early
  EPROTO: 'tls-failed',
  // no authority that is known stands behind the certificate
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-untrusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-untrusted',
  CERT_UNTRUSTED: 'tls-untrusted',
  INVALID_CA: 'tls-untrusted',
};
/** Certificates of a known authority that are wrong in themselves, and handshakes that fail. */
const TLS_FAILURES = /^(?:CERT_|CRL_|ERR_SSL_|ERR_TLS_|HOSTNAME_MISMATCH$|UNABLE_TO_)/;
/** What answers does not speak HTTP. */
const NOT_HTTP = /^HPE_/;

const systemError = z.object({ code: z.string().optional(), message: z.string(), cause: z.unknown().optional() });

/** `proxied`: what became of the proxy on this connection's way. */
export function connectionFailure(error: unknown, proxied: Proxied | null): Failure {
  const code = codeOf(error);
  if (proxied !== null && proxied.answer === null) {
    // its own message could hold the proxy's password
    return desktopFailure('proxy-failed', `The proxy ${proxied.proxy} cannot be used: ${code ?? 'no connection'}.`);
  }
  const message = systemError.safeParse(error).data?.message;
  return desktopFailure(meaningOf(code), code === null ? message : `${code}: ${message}`);
}

/** The proxy was reached and would not make the tunnel. */
export function tunnelRefused(proxied: Proxied | null): Failure | null {
  if (proxied === null || proxied.answer === null || proxied.answer === 200) return null;
  return desktopFailure('proxy-failed', `The proxy ${proxied.proxy} answered with status ${proxied.answer}.`);
}

function meaningOf(code: string | null): DesktopFailureCode {
  if (code === null) return 'cut-off';
  const known = CODES[code];
  if (known !== undefined) return known;
  if (TLS_FAILURES.test(code)) return 'tls-failed';
  if (NOT_HTTP.test(code)) return 'not-this-api';
  return 'cut-off';
}

/** A client wraps the system's error, sometimes twice. */
function codeOf(error: unknown, depth = 0): string | null {
  const parsed = systemError.safeParse(error).data;
  if (parsed === undefined || depth > 4) return null;
  const inner = codeOf(parsed.cause, depth + 1);
  return inner ?? parsed.code ?? null;
}
