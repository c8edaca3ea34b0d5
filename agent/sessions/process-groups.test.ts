/** The foreground job of a terminal, as the kernel tells it. */
import { describe, expect, it } from 'vitest';
import { foregroundGroup } from './process-groups.ts';

describe('foregroundGroup', () => {
  it('is read behind the command’s name, whatever that is', () => {
    expect(foregroundGroup('42 (bash) S 1 42 42 34816 57 4194304 1')).toBe(57);
    expect(foregroundGroup('42 (a) b) (c 1 2 3) S 1 42 42 34816 58 4194304 1')).toBe(58);
  });

  it('is none for a process without a terminal, or none at all', () => {
    expect(foregroundGroup('42 (cron) S 1 42 42 0 -1 4194304 1')).toBeNull();
    expect(foregroundGroup('')).toBeNull();
  });
});
