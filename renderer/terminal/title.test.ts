/** What a tab is called. */
import { describe, expect, it } from 'vitest';
import { cleanTitle, createTitles, directoryOf } from './title.ts';

describe('a title', () => {
  it('has no control or invisible characters, and an end', () => {
    expect(cleanTitle(' vim\u0007\u001b a\u202eb ')).toBe('vim a b');
    expect(cleanTitle('x'.repeat(500))).toHaveLength(200);
  });

  it('is the directory where no program set one', () => {
    const told: string[] = [];
    const titles = createTitles((title) => told.push(title));
    titles.entered('file://host/home/ada/my%20work');
    titles.titled('vim');
    titles.entered('file://host/tmp');
    titles.titled('');
    titles.titled('');
    expect(told).toEqual(['/home/ada/my work', 'vim', '/tmp']);
  });

  it('is not taken from what is no directory', () => {
    expect(directoryOf('https://example.org/a')).toBeNull();
    expect(directoryOf('file://host/%zz')).toBeNull();
    expect(directoryOf('nonsense')).toBeNull();
  });
});
