/** The steps of signing in, asked over HTTP, each from an address of its own unless it says otherwise. */
import type { Account, Answered, Backend } from './backend.ts';

export interface Asking {
  readonly address?: string;
  readonly userAgent?: string;
  readonly token?: string;
}
export interface Steps {
  login(account: Pick<Account, 'email' | 'password'>, asking?: Asking): Promise<Answered>;
  choose(body: { session_token?: string; tenant_id: string }, asking?: Asking): Promise<Answered>;
  verify(body: { username: string; otp_code: string; session_token?: string }, asking?: Asking): Promise<Answered>;
  resend(session_token: string, asking?: Asking): Promise<Answered>;
}

/** The backend has to trust 127.0.0.1 as a proxy. */
export function signInSteps(backend: Pick<Backend, 'request'>): Steps {
  let addresses = 0;
  const fresh = (): string => `10.7.${Math.floor(addresses / 250)}.${1 + (addresses++ % 250)}`;
  const ask = (path: string, body: object, { address = fresh(), userAgent = 'node', token }: Asking = {}) =>
    backend.request('POST', `/api/auth/${path}`, {
      body,
      ...(token !== undefined && { token }),
      headers: { 'x-forwarded-for': address, 'user-agent': userAgent },
    });
  return {
    login: ({ email, password }, asking) => ask('login', { email, password }, asking),
    choose: (body, asking) => ask('select-tenant', body, asking),
    verify: (body, asking) => ask('verify-otp', body, asking),
    resend: (session_token, asking) => ask('resend-otp', { session_token }, asking),
  };
}

/** Six digits that are not these. */
export function otherThan(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}
