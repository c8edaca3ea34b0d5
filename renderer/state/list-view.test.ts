import { describe, expect, it } from 'vitest';
import { desktopFailures } from '../../protocol/bridge/failure.ts';
import { sampleAccount } from '../testing/samples.ts';
import { unknownList } from './keyed-list.ts';
import { listView } from './list-view.ts';

const failure = { code: 'refused' as const, message: desktopFailures.refused };
const offline = sampleAccount({ state: 'offline', failure });
const known = { ...unknownList(), load: 'stale' as const, asOf: '2026-11-24T10:00:00Z', order: ['a'] };

describe('a list', () => {
  it('is loading until it was told', () => {
    expect(listView(unknownList(), sampleAccount())).toEqual({ at: 'loading' });
  });
  it('is live once it was told, also when it is empty', () => {
    expect(listView({ ...unknownList(), load: 'live' }, sampleAccount())).toEqual({ at: 'live' });
  });
  it('has failed, with the reason, when nothing is known and the server cannot be reached', () => {
    expect(listView(unknownList(), offline)).toEqual({ at: 'failed', why: failure });
  });
  it('shows the last known rows with their age when the server cannot be reached', () => {
    expect(listView(known, offline)).toEqual({ at: 'stale', asOf: '2026-11-24T10:00:00Z', why: failure });
  });
  it('is not called live while its account has to sign in again', () => {
    expect(listView({ ...known, load: 'live' }, sampleAccount({ state: 'expired' })).at).toBe('stale');
  });
});
