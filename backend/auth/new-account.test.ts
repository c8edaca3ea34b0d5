import { describe, expect, it } from 'vitest';
import { slugOf } from './new-account.ts';

describe('the tenant_id of an organization’s name', () => {
  it.each([
    ['Analytical Engines', 'analytical-engines'],
    ['  ACME  Corp ', 'acme-corp'],
    ['a1', 'a1'],
    ['north.sea_co', 'north.sea_co'],
  ])('of %s is %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });

  it.each(['', '-', 'a/b', 'ünïcode', '.hidden', 'ends-', 'a?b', 'x'.repeat(65), 'a\u0000b'])(
    'is none for “%s”',
    (name) => {
      expect(slugOf(name)).toBeNull();
    },
  );
});
