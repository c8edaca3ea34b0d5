import { describe, expect, it } from 'vitest';
import { sampleSession } from '../testing/samples.ts';
import { fromWhere, presence } from './session-words.ts';

describe('a session', () => {
  it('says from where somebody came', () => {
    expect(fromWhere(sampleSession(1))).toBe('Desktop app on Linux');
    expect(fromWhere(sampleSession(1, { source: 'ui', browser: 'Firefox', os: 'macOS' }))).toBe('Firefox on macOS');
    expect(fromWhere(sampleSession(1, { source: 'cli', os: null }))).toBe('Command line');
  });
  it('is not called attached where the server does not say so', () => {
    const { attached: _, ...unsaid } = sampleSession(1);
    expect(presence(unsaid).word).toBe('Live');
    expect(presence(sampleSession(1, { attached: false })).word).toBe('Detached');
  });
});
