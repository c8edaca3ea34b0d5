/** Why a connection failed, in one stable code and one sentence that says what to do. */
import type { ConnectStep } from '../../protocol/agent/status.ts';
import type { Route } from './steps.ts';

export interface ConnectFailure {
  readonly step: ConnectStep;
  readonly code: string;
  readonly message: string;
  /** How long the service asked to be left alone. */
  readonly retryAfterS?: number;
}

/** What the connection itself reported, before any answer of the service. */
export function explainError(step: ConnectStep, error: unknown, route: Route): ConnectFailure {
  const reported = codeOf(error);
  const [code, sentence] = known(step, reported, route);
  return { step, code, message: reported === '' ? sentence : `${sentence} (${reported})` };
}

/** This side's own patience ended. */
export function explainTimeout(step: ConnectStep, route: Route): ConnectFailure {
  return { step, code: 'timed-out', message: `${place(step, route)} did not answer in time.` };
}

/** An HTTP answer where the service should have spoken its own protocol. */
export function explainStatus(
  step: ConnectStep,
  status: number,
  retryAfter: string | undefined,
  route: Route,
): ConnectFailure {
  if (step === 'proxy') {
    const sentence = status === 407 ? 'wants a name and a password' : 'did not let the connection through';
    return { step, code: 'proxy-failed', message: `The proxy ${route.proxy ?? ''} ${sentence}. (HTTP ${status})` };
  }
  const seconds = Number(retryAfter);
  const wait = Number.isFinite(seconds) && seconds > 0 ? { retryAfterS: seconds } : {};
  if (status === 429 || status === 503) {
    return { step: 'http', code: 'busy', message: `The server is busy or starting. (HTTP ${status})`, ...wait };
  }
  const message = `Something answers at ${route.host}, but not a WebXTerm server of this kind. (HTTP ${status})`;
  return { step: 'http', code: 'not-this-api', message, ...wait };
}

/** The few system and TLS codes that say something a person can act on; the rest keep the step's own sentence. */
function known(step: ConnectStep, reported: string, route: Route): readonly [code: string, sentence: string] {
  if (reported === 'ETIMEDOUT' || reported === 'ABORT_ERR')
    return ['timed-out', `${place(step, route)} did not answer in time.`];
  switch (step) {
    case 'name':
      return [
        'name-not-found',
        `No address is known for ${route.host}. Check the name, and that this network or VPN knows it.`,
      ];
    case 'tcp':
      return reported === 'ECONNREFUSED'
        ? ['refused', `${route.host} is there, but nothing answers at this port.`]
        : ['unreachable', `There is no way to ${route.host} from here. Check network, VPN and firewall.`];
    case 'proxy':
      return ['proxy-failed', `The proxy ${route.proxy ?? ''} cannot be used. Check HTTPS_PROXY and NO_PROXY.`];
    case 'tls':
      return untrusted(reported, route);
    case 'http':
    case 'version':
    case 'credential':
      return ['cut-off', `The connection to ${route.host} broke before the server had agreed.`];
  }
}

const place = (step: ConnectStep, route: Route) => (step === 'proxy' ? `The proxy ${route.proxy ?? ''}` : route.host);

const UNKNOWN_ISSUER = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
];

function untrusted(reported: string, { host }: Route): readonly [code: string, sentence: string] {
  if (UNKNOWN_ISSUER.includes(reported)) {
    return [
      'tls-untrusted',
      `The certificate of ${host} is not trusted here. Give your organization’s authority with --ca FILE.`,
    ];
  }
  if (reported === 'CERT_HAS_EXPIRED' || reported === 'CERT_NOT_YET_VALID') {
    return [
      'tls-clock',
      `The certificate of ${host} is not valid at this computer’s time. Check its clock, then the certificate.`,
    ];
  }
  if (reported === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return ['tls-wrong-name', `The certificate shown is not one for ${host}.`];
  }
  return ['tls-failed', `No encrypted connection to ${host} could be made.`];
}

/** Node and OpenSSL give every such error a code; several tried addresses come as one error around many. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && !('code' in error && error.code)) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
