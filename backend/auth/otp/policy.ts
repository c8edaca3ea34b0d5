/** Who is asked for a code by mail after the password. */
import type { Source } from '../../../protocol/api/values.ts';

/** `ui`: people at a window. A caller names its own source, so that is a convenience and no protection; `all` is. */
export const otpPolicies = ['all', 'ui', 'off'] as const;
export type OtpPolicy = (typeof otpPolicies)[number];

export function wantsCode(policy: OtpPolicy, source: Source): boolean {
  switch (policy) {
    case 'all':
      return true;
    case 'ui':
      return source === 'ui' || source === 'desktop';
    case 'off':
      return false;
  }
}
