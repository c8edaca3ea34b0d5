/** Signing up, in and out. */
import { z } from 'zod';
import { rows, type Cookie } from './row.ts';
import { user } from './users.ts';
import { email, message, newPassword, objectId, personName, provider, typedPassword, username } from './values.ts';

/** An organization a sign-in reaches, and the account it has there. `tenant_id` is the organization's slug. */
export const tenant = z.object({
  tenant_id: z.string(),
  tenant_name: z.string(),
  username: z.string(),
  user_id: objectId,
});
export type Tenant = z.infer<typeof tenant>;

/** `expires_in`: seconds. */
export const signedIn = z.object({
  token: z.string(),
  user,
  expires_in: z.number(),
  session_token: z.string(),
  available_tenants: z.array(tenant),
});
export type SignedIn = z.infer<typeof signedIn>;
/** `session_token`: for the code, and for a new one. */
export const codeWanted = z.object({
  message: z.string(),
  requires_otp: z.literal(true),
  username: z.string(),
  tenants: z.array(tenant),
  session_token: z.string(),
  otp_expires_in_min: z.number(),
});
export type CodeWanted = z.infer<typeof codeWanted>;
export const organizationWanted = z.object({
  requires_tenant_selection: z.literal(true),
  tenants: z.array(tenant),
  session_token: z.string(),
});
export type OrganizationWanted = z.infer<typeof organizationWanted>;
/** Signed in, a code is wanted first, or an organization has to be chosen first. */
export const loginAnswer = z.union([codeWanted, organizationWanted, signedIn]);
export type LoginAnswer = z.infer<typeof loginAnswer>;

const sessionToken = z.string().min(1).max(8192);
/** base64url of 32 bytes: RFC 7636's S256. */
const codeChallenge = z.string().regex(/^[\w-]{43}$/, 'must be a SHA-256 in base64url');
/** RFC 8252: an app on this computer, at any port that it listens on. */
const loopbackUri = z
  .string()
  .regex(/^http:\/\/(?:127\.0\.0\.1|\[::1\]):\d{1,5}\/callback$/, {
    error: 'must be http://127.0.0.1:PORT/callback',
    abort: true,
  })
  .refine((text) => Number(/:(\d+)\/callback$/.exec(text)?.[1]) <= 65_535, 'must have a port');
/** It binds what comes back from the provider to the browser that set out. */
const flowCookie = { name: 'webxterm-sign-in', path: '/api/auth/oidc', maxAgeS: 600 } as const satisfies Cookie;
const byProvider = z.object({ provider });

export const auth = rows({
  signup: {
    method: 'POST',
    path: '/api/auth/signup',
    access: 'public',
    rate: 'guess',
    body: z.object({
      username,
      email,
      password: newPassword,
      first_name: personName,
      last_name: personName,
      organization_name: z.string().trim().min(2).max(64),
      company_name: z.string().trim().max(120),
    }),
    answer: {
      201: z.object({ message: z.string(), user_id: objectId, username: z.string(), organization: z.string() }),
    },
    refuses: ['username-taken', 'organization-taken'],
    audit: 'signup',
  },
  login: {
    method: 'POST',
    path: '/api/auth/login',
    access: 'public',
    rate: 'guess',
    body: z.object({ email, password: typedPassword }),
    answer: { 200: loginAnswer },
    refuses: ['wrong-credentials', 'account-disabled', 'organization-disabled', 'slow-down', 'mail-failed'],
    audit: 'login',
  },
  /** By the session token of an answer, or, to switch later, by the Bearer token. */
  selectTenant: {
    method: 'POST',
    path: '/api/auth/select-tenant',
    access: 'anybody',
    rate: 'guess',
    body: z.object({ session_token: sessionToken.optional(), tenant_id: z.string().min(1).max(64) }),
    answer: { 200: z.union([codeWanted, signedIn]) },
    refuses: [
      'not-signed-in',
      'token-invalid',
      'token-expired',
      'token-revoked',
      'not-found',
      'account-disabled',
      'organization-disabled',
      'slow-down',
      'mail-failed',
    ],
    audit: 'login',
  },
  /** Without the session token, only a client at the same place as the one that signed in is believed to be it. */
  verifyOtp: {
    method: 'POST',
    path: '/api/auth/verify-otp',
    access: 'public',
    rate: 'guess',
    body: z.object({
      username: z.string().trim().min(1).max(50),
      otp_code: z
        .string()
        .trim()
        .regex(/^\d{6}$/, 'must be six digits'),
      session_token: sessionToken.optional(),
    }),
    answer: { 200: signedIn },
    refuses: [
      'code-wrong',
      'code-expired',
      'token-invalid',
      'token-expired',
      'token-revoked',
      'account-disabled',
      'organization-disabled',
      'slow-down',
    ],
    audit: 'login',
  },
  resendOtp: {
    method: 'POST',
    path: '/api/auth/resend-otp',
    access: 'public', // the session token in the body is the credential
    rate: 'guess',
    body: z.object({ session_token: sessionToken }),
    answer: { 200: codeWanted },
    refuses: [
      'code-expired',
      'token-invalid',
      'token-expired',
      'token-revoked',
      'account-disabled',
      'organization-disabled',
      'slow-down',
      'mail-failed',
    ],
    audit: 'otp_challenge',
  },
  refresh: {
    method: 'POST',
    path: '/api/auth/refresh',
    access: 'public', // the token in the body is the credential
    rate: 'guess',
    body: z.object({ token: z.string().min(1).max(8192) }),
    answer: { 200: z.object({ token: z.string(), expires_in: z.number() }) },
    refuses: ['token-invalid', 'token-expired', 'token-revoked'],
    audit: 'token_refresh',
  },
  logout: {
    method: 'POST',
    path: '/api/auth/logout',
    access: 'signed-in',
    rate: 'write',
    answer: { 200: message },
    audit: 'logout',
  },
  providers: {
    method: 'GET',
    path: '/api/auth/providers',
    access: 'public',
    rate: 'read',
    answer: {
      200: z.object({ password: z.literal(true), microsoft: z.boolean(), github: z.boolean(), otp: z.boolean() }),
    },
  },
  /** A browser goes to the provider. With `client=desktop` it comes back to the app on its computer, else to a JSON answer. */
  toProvider: {
    kind: 'redirect',
    method: 'GET',
    path: '/api/auth/oidc/:provider',
    access: 'public',
    rate: 'guess',
    params: byProvider,
    query: z.object({
      client: z.literal('desktop').optional(),
      redirect_uri: loopbackUri.optional(),
      state: z.string().min(1).max(512).optional(),
      code_challenge: codeChallenge.optional(),
    }),
    cookie: flowCookie,
    refuses: ['provider-not-configured', 'provider-failed'],
  },
  fromProvider: {
    kind: 'page',
    method: 'GET',
    path: '/api/auth/oidc/:provider/callback',
    access: 'public',
    rate: 'guess',
    params: byProvider,
    query: z.object({
      code: z.string().max(4096).optional(),
      state: z.string().max(512).optional(),
      iss: z.string().max(512).optional(),
      error: z.string().max(512).optional(),
    }),
    cookie: flowCookie,
    answer: { 200: z.union([organizationWanted, signedIn]) },
    refuses: [
      'provider-not-configured',
      'provider-failed',
      'provider-refused',
      'flow-dead',
      'email-not-verified',
      'account-unknown',
      'account-disabled',
      'organization-disabled',
    ],
    audit: 'login',
  },
  /** The person said yes: the browser hands the app on its computer a code that works once. */
  confirmDesktop: {
    kind: 'redirect',
    method: 'GET',
    path: '/api/auth/oidc/confirm',
    access: 'public',
    rate: 'guess',
    query: z.object({ proof: z.string().max(128) }),
    cookie: flowCookie,
    refuses: ['flow-dead'],
  },
  exchange: {
    method: 'POST',
    path: '/api/auth/oidc/exchange',
    access: 'public', // the code in the body, with its verifier, is the credential
    rate: 'guess',
    body: z.object({ code: z.string().min(1).max(128), code_verifier: z.string().min(43).max(128) }),
    answer: { 200: z.union([organizationWanted, signedIn]) },
    refuses: ['flow-dead', 'account-unknown', 'account-disabled', 'organization-disabled'],
    audit: 'login',
  },
});
