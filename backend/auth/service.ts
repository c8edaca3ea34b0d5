/** The auth service: its handlers, made of what the composition root gives. */
import type { Bus } from '../bus/bus.ts';
import type { ServiceHandlers } from '../gateway/handlers.ts';
import type { CheckpointKey } from '../store/chain.ts';
import type { Store } from '../store/store.ts';
import { createAuditHandlers } from './audit/audit-handlers.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import type { Passwords } from './passwords.ts';
import { refresh } from './refresh.ts';
import { signup } from './signup.ts';
import type { Tokens } from './tokens.ts';
import { createGroupHandlers } from './groups.ts';
import { createOrganizationHandlers } from './organizations.ts';
import { createProfileHandlers } from './profile.ts';
import { roleHandlers } from './roles.ts';
import { createUserHandlers } from './users.ts';

export interface AuthParts {
  readonly store: Pick<Store, 'platform' | 'organization'>;
  readonly checkpoints: CheckpointKey;
  readonly bus: Bus;
  readonly tokens: Tokens;
  readonly passwords: Passwords;
  readonly now: () => number;
  readonly newObjectId: () => string;
  readonly newUuid: () => string;
}
export function createAuthService(given: AuthParts): Omit<ServiceHandlers<'auth'>, 'documents'> {
  const parts = { ...given, platform: given.store.platform };
  return {
    auth: {
      signup: (input, visitor) => signup(parts, input, visitor),
      login: ({ body }, visitor) => login(parts, body, visitor),
      refresh: (input, visitor) => refresh(parts, input, visitor),
      logout: (_input, caller) => logout(parts, caller),
      // Codes need mail, and providers their registration: neither can be set up yet.
      providers: () =>
        Promise.resolve({ status: 200, body: { password: true, microsoft: false, github: false, otp: false } }),
    },
    users: createUserHandlers(parts),
    roles: roleHandlers,
    groups: createGroupHandlers(parts),
    profile: createProfileHandlers(parts),
    organizations: createOrganizationHandlers(parts),
    audit: createAuditHandlers(parts),
  };
}
