/** The auth service: its handlers, made of what the composition root gives. */
import type { Bus } from '../bus/bus.ts';
import type { ServiceHandlers } from '../gateway/handlers.ts';
import type { CheckpointKey } from '../store/chain.ts';
import type { Store } from '../store/store.ts';
import { createAuditHandlers } from './audit/audit-handlers.ts';
import { login, type LoginParts } from './login.ts';
import { logout } from './logout.ts';
import { resendOtp } from './otp/resend-otp.ts';
import { verifyOtp } from './otp/verify-otp.ts';
import { createProviderHandlers, type ProviderParts } from './providers/provider-handlers.ts';
import { refresh } from './refresh.ts';
import { selectTenant } from './select-tenant.ts';
import { signup } from './signup.ts';
import { createGroupHandlers } from './groups.ts';
import { createOrganizationHandlers } from './organizations.ts';
import { createProfileHandlers } from './profile.ts';
import { roleHandlers } from './roles.ts';
import { createUserHandlers } from './users.ts';

export interface AuthParts extends Omit<LoginParts, 'platform'>, Omit<ProviderParts, 'platform'> {
  readonly store: Pick<Store, 'platform' | 'organization'>;
  readonly checkpoints: CheckpointKey;
  readonly bus: Bus;
  readonly newObjectId: () => string;
}
export function createAuthService(given: AuthParts): Omit<ServiceHandlers<'auth'>, 'documents'> {
  const parts = { ...given, platform: given.store.platform };
  return {
    auth: {
      signup: (input, visitor) => signup(parts, input, visitor),
      login: ({ body }, visitor) => login(parts, body, visitor),
      refresh: (input, visitor) => refresh(parts, input, visitor),
      logout: (_input, caller) => logout(parts, caller),
      selectTenant: (input, guest) => selectTenant(parts, input, guest),
      verifyOtp: (input, visitor) => verifyOtp(parts, input, visitor),
      resendOtp: (input, visitor) => resendOtp(parts, input, visitor),
      ...createProviderHandlers(parts),
      providers: () => {
        const { microsoft, github } = parts.providers;
        const ways = { microsoft: microsoft !== null, github: github !== null, otp: parts.otp !== null };
        return Promise.resolve({ status: 200, body: { password: true, ...ways } });
      },
    },
    users: createUserHandlers(parts),
    roles: roleHandlers,
    groups: createGroupHandlers(parts),
    profile: createProfileHandlers(parts),
    organizations: createOrganizationHandlers(parts),
    audit: createAuditHandlers(parts),
  };
}
