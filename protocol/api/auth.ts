/** Signing up, in and out. */
import { z } from 'zod';
import { rows } from './row.ts';
import { user } from './users.ts';
import { email, message, newPassword, objectId, personName, typedPassword, username } from './values.ts';

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
export const codeWanted = z.object({
  message: z.string(),
  requires_otp: z.literal(true),
  username: z.string(),
  tenants: z.array(tenant),
  session_token: z.string(),
  otp_expires_in_min: z.number(),
});
export const organizationWanted = z.object({
  requires_tenant_selection: z.literal(true),
  tenants: z.array(tenant),
  session_token: z.string(),
});
/** Signed in, a code is wanted first, or an organization has to be chosen first. */
export const loginAnswer = z.union([codeWanted, organizationWanted, signedIn]);
export type LoginAnswer = z.infer<typeof loginAnswer>;

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
    refuses: ['wrong-credentials', 'account-disabled', 'organization-disabled', 'slow-down'],
    audit: 'login',
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
});
