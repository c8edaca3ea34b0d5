import { describe, expect, it } from 'vitest';
import { terminalState as schema } from '../../../protocol/bridge/events.ts';
import { apiFailure, desktopFailure } from '../outcome.ts';
import { terminalState, type Standing } from './terminal-state.ts';

const standing = (change: Partial<Standing>): Standing => ({
  phase: { at: 'attached', mode: 'control' },
  trouble: null,
  denied: null,
  closing: false,
  startedAt: 1000,
  endedAt: null,
  ...change,
});
const trouble = { failure: desktopFailure('refused'), nextTryAt: 5000 };

describe('how a terminal stands', () => {
  it.each<[string, Partial<Standing>, object]>([
    ['opening', { phase: { at: 'opening' } }, { at: 'opening' }],
    [
      'opening while the server is away',
      { phase: { at: 'opening' }, trouble },
      { at: 'reconnecting', next_try_at: '1970-01-01T00:00:05.000Z', why: desktopFailure('refused') },
    ],
    ['attached', {}, { at: 'attached', mode: 'control' }],
    ['reconnecting', { phase: { at: 'reconnecting', why: 'lost' } }, { at: 'reconnecting', next_try_at: null }],
    [
      'waiting for a sign-in',
      {
        phase: { at: 'reconnecting', why: 'lost' },
        trouble: { failure: desktopFailure('signed-out'), nextTryAt: null },
      },
      { at: 'reconnecting', next_try_at: null, why: desktopFailure('signed-out') },
    ],
    ['away', { phase: { at: 'machine-away' } }, { at: 'machine-away' }],
    [
      'ended',
      { phase: { at: 'ended', exitCode: 3, reason: 'exited' }, endedAt: 61_000 },
      { at: 'ended', exit_code: 3, reason: 'exited', duration_ms: 60_000 },
    ],
    [
      'ended by a signal',
      { phase: { at: 'ended', exitCode: null, signal: 'SIGKILL', reason: 'exited' }, endedAt: 1000 },
      { at: 'ended', exit_code: null, signal: 'SIGKILL', reason: 'exited', duration_ms: 0 },
    ],
    [
      'failed with a code that is known',
      { phase: { at: 'failed', code: 'machine-offline', message: 'It is away.' } },
      { at: 'failed', failure: { code: 'machine-offline', message: 'It is away.' } },
    ],
    [
      'failed with a code of the wire',
      { phase: { at: 'failed', code: 'moon-only', message: 'Only on the moon.' } },
      { at: 'failed', failure: { code: 'unexpected', message: 'Only on the moon.', detail: 'moon-only' } },
    ],
    ['denied', { denied: apiFailure('role-too-low') }, { at: 'failed', failure: apiFailure('role-too-low') }],
    ['closing, whatever else', { closing: true, denied: apiFailure('not-found') }, { at: 'closing' }],
  ])('%s', (_, change, expected) => {
    const state = terminalState(standing(change));
    expect(state).toEqual(expected);
    expect(schema.parse(state)).toEqual(state);
  });
});
