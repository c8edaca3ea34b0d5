import { describe, expect, it } from 'vitest';
import { sampleAccount } from '../testing/samples.ts';
import { elsewhere, reachedFrom } from './reach.ts';

const organizationOf = (tenant_id: string) => ({ tenant_id, name: tenant_id, username: 'maria' });
const reaches = ['acme', 'harbour', 'engines'].map(organizationOf);
const acme = sampleAccount({ reaches });
const harbour = sampleAccount({ account: 'there', tenant_id: 'harbour', reaches });

describe('the organizations that are reached', () => {
  it('are those that no account here is of, on this server', () => {
    const far = sampleAccount({ account: 'far', tenant_id: 'engines', address: 'https://other.example' });
    expect(elsewhere([acme, harbour, far], acme)).toEqual([organizationOf('engines')]);
  });
  it('with another user name are others', () => {
    const boss = sampleAccount({ account: 'boss', tenant_id: 'engines', username: 'boss' });
    expect(elsewhere([acme, harbour, boss], acme)).toHaveLength(1);
  });
});

describe('an account that has to sign in again', () => {
  const ended = { ...harbour, state: 'expired' as const };
  it('is reached from another whose sign-in still holds', () => {
    expect(reachedFrom([ended, acme], ended)?.account).toBe('acme');
  });
  it('is not where that one ended too, reaches other organizations only, or is on another server', () => {
    for (const change of [
      { state: 'expired' as const },
      { reaches: [organizationOf('acme')] },
      { address: 'https://other.example' },
    ])
      expect(reachedFrom([ended, { ...acme, ...change }], ended)).toBe(undefined);
  });
});
