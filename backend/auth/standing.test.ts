import { describe, expect, it } from 'vitest';
import { standing } from './standing.ts';

const day = 24 * 3_600_000;
const now = Date.UTC(2026, 5, 1);
const ago = (days: number) => new Date(now - days * day).toISOString();
const good = { organization_disabled_at: null, disabled_at: null, last_login_at: ago(1), enabled_at: ago(400) };

describe('an account', () => {
  it.each([
    ['that was used lately is good', {}, 'good'],
    ['used 30 days ago still is', { last_login_at: ago(30) }, 'good'],
    ['not used for more than 30 days is idle', { last_login_at: ago(30.01) }, 'idle'],
    ['enabled again since then is good', { last_login_at: ago(100), enabled_at: ago(2) }, 'good'],
    ['just made, and never used, is good', { last_login_at: null, enabled_at: ago(3) }, 'good'],
    ['made long ago, and never used, is idle', { last_login_at: null, enabled_at: ago(31) }, 'idle'],
    ['disabled is so', { disabled_at: ago(1) }, 'disabled'],
    [
      'of a disabled organization is so',
      { organization_disabled_at: ago(1), disabled_at: ago(1) },
      'organization-disabled',
    ],
  ])('%s', (_what, change, expected) => {
    expect(standing({ ...good, ...change }, now)).toBe(expected);
  });
});
