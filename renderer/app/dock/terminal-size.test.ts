import { describe, expect, it } from 'vitest';
import { estimatedSize } from './terminal-size.ts';

const font = { font_size: 13, line_height: 1.2 };

describe('the size a shell starts with', () => {
  it('is about what fits', () => {
    expect(estimatedSize({ width: 1100, height: 800 }, font)).toEqual({ cols: 137, rows: 47 });
  });
  it('is usable even while the window has no size yet', () => {
    expect(estimatedSize({ width: 0, height: 0 }, font)).toEqual({ cols: 20, rows: 5 });
  });
});
