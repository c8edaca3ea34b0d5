/** What becomes of what the emulator gives. */
import { describe, expect, it } from 'vitest';
import { fateOf, type Standing } from './typing.ts';

const control: Standing = { state: 'attached', mode: 'control', attached: true };
const FOCUS = ['\u001b[I', '\u001b[O'];
const MOUSE = ['\u001b[<0;1;1M', '\u001b[M !!'];

describe('keys', () => {
  it.each([
    ['in control', control],
    ['before the first attachment', { state: 'opening', mode: null, attached: false }],
    ['while the link is cut', { state: 'reconnecting', mode: 'control', attached: false }],
    ['while the machine is away', { state: 'machine-away', mode: 'control', attached: false }],
  ] as const)('are input %s', (_when, standing) => {
    expect(fateOf('x', standing)).toBe('input');
  });

  it.each([
    ['to a viewer', { ...control, mode: 'view' }],
    ['to a viewer whose link is cut', { state: 'reconnecting', mode: 'view', attached: false }],
    ['after the end', { ...control, state: 'ended' }],
    ['where nothing could be opened', { ...control, state: 'failed' }],
    ['while closing', { ...control, state: 'closing' }],
  ] as const)('are refused %s', (_when, standing) => {
    expect(fateOf('x', standing)).toBe('refused');
  });
});

describe('reports of focus and mouse', () => {
  it('go to the session while it is attached and controlled from here', () => {
    expect(FOCUS.map((data) => fateOf(data, control))).toEqual(['reply', 'reply']);
    expect(MOUSE.map((data) => fateOf(data, control))).toEqual(['input', 'input']);
  });

  it.each([
    ['while the link is cut', { ...control, attached: false }],
    ['to a viewer', { ...control, mode: 'view' }],
    ['after the end', { ...control, state: 'ended' }],
  ] as const)('are not kept: they are dropped %s', (_when, standing) => {
    for (const data of [...FOCUS, ...MOUSE]) expect(fateOf(data, standing)).toBe('dropped');
  });
});
