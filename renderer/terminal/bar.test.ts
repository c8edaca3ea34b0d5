/** What a person reads when a terminal does not just work. */
import { describe, expect, it } from 'vitest';
import type { TerminalState } from '../../protocol/bridge/events.ts';
import { barFor } from './bar.ts';
import { durationText } from './durations.ts';
import { INITIAL, type LiveState } from './live-state.ts';

const around = (more: Partial<LiveState> = {}): LiveState => ({ ...INITIAL, port: 'ready', mode: 'control', ...more });
const attached: TerminalState = { at: 'attached', mode: 'control' };
const ended = (more: object): TerminalState => ({
  at: 'ended',
  exit_code: null,
  reason: 'exited',
  duration_ms: 200_000,
  ...more,
});

const failed = (code: 'signed-out' | 'machine-offline'): TerminalState => ({
  at: 'failed',
  failure: { code, message: 'Why.', detail: 'seen' },
});

describe('the bar of a terminal', () => {
  it('is not there while all is well', () => {
    expect(barFor(attached, around())).toBeNull();
  });

  it('says that nothing is lost, when it tries again, and what was typed meanwhile', () => {
    const state: TerminalState = {
      at: 'reconnecting',
      next_try_at: '2026-01-01T00:00:05.000Z',
      why: { code: 'unreachable', message: 'There is no way to this server from here.', request_id: 'r1' },
    };
    const bar = barFor(state, around({ kept: { bytes: 4, preview: 'ls\r\u0003', ask: false } }));
    expect(bar).toMatchObject({
      text: 'Reconnecting, nothing is lost.',
      nextTryAt: '2026-01-01T00:00:05.000Z',
      why: 'There is no way to this server from here.',
      detail: 'Request r1',
      typed: 'ls⏎␃',
      actions: [{ do: 'retry' }],
    });
  });

  it('asks about input that is old: send or discard, and shows it (wake sends stale input)', () => {
    const bar = barFor(attached, around({ kept: { bytes: 300, preview: 'rm -rf x\r', ask: true } }));
    expect(bar?.typed).toBe('rm -rf x⏎ … and 291 more bytes');
    expect(bar?.actions).toEqual([
      { do: 'kept', label: 'Send', send: true },
      { do: 'kept', label: 'Discard', send: false },
    ]);
  });

  it.each([
    [{ exit_code: 0 }, 'The session ended with exit code 0. It ran for 3 min 20 s. Press Enter to open it again.'],
    [{ exit_code: 137 }, 'The session ended with exit code 137. It ran for 3 min 20 s. Press Enter to open it again.'],
    [
      { signal: 'SIGKILL' },
      'The session was ended by signal SIGKILL. It ran for 3 min 20 s. Press Enter to open it again.',
    ],
    [
      { reason: 'agent-gone' },
      'The session is lost: the agent on the machine was started anew. It ran for 3 min 20 s. Press Enter to open it again.',
    ],
  ])('says how a session ended: %j', (more, text) => {
    expect(barFor(ended(more), around())?.text).toBe(text);
  });

  it('offers to sign in where that is what is missing, else to try again', () => {
    expect(barFor(failed('signed-out'), around())?.actions[0]?.do).toBe('sign-in');
    expect(barFor(failed('machine-offline'), around())).toMatchObject({
      tone: 'danger',
      text: 'Why.',
      detail: 'seen',
      actions: [{ do: 'again', label: 'Try again' }, { do: 'close' }],
    });
  });

  it.each([
    ['view', { at: 'attached', mode: 'view' }, {}],
    ['machine-away', { at: 'machine-away' }, {}],
    ['opening', { at: 'opening' }, { mode: null }],
    ['lost', attached, { port: 'lost' }],
    ['gone', attached, { port: 'gone' }],
    ['closing', { at: 'closing' }, { port: 'lost' }],
    ['discarded', attached, { discarded: 3 }],
  ] as const)('has something to say for %s', (kind, state, more) => {
    const bar = barFor(state, around(more));
    expect(bar?.kind).toBe(kind);
    expect(bar?.text).toMatch(/\.$|^Opening the session$/);
  });
});

describe('a length of time', () => {
  it.each([
    [400, '0 s'],
    [59_400, '59 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [1_000_000_000, '11 days'],
  ])('of %i ms is %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
