/** What a server says cannot act on the terminal it is shown in. */
import { describe, expect, it } from 'vitest';
import { printable } from './printable.ts';

describe('printable', () => {
  it('leaves words, lines and any script as they are', () => {
    expect(printable('one\n\ttwo “drei” 漢字 👩‍👩‍👧')).toBe('one\n\ttwo “drei” 漢字 👩‍👩‍👧');
  });

  it('shows escape sequences and direction marks instead of obeying them', () => {
    expect(printable('\u001b[2J\u0007\u009b\u202e\r')).toBe('\u{FFFD}[2J\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}');
  });
});
