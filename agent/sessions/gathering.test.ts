/** Gathering: large frames in a flood, no delay for an echo. */
import { describe, expect, it } from 'vitest';
import { dueAt } from './gathering.ts';

describe('gathering', () => {
  it('lets an echo go at once when nothing went for 3 ms', () => {
    expect(dueAt({ bytes: 1, since: 100, lastSent: 96.9 })).toBe(100);
  });
  it('waits 2 ms for more when something went just now', () => {
    expect(dueAt({ bytes: 1, since: 100, lastSent: 97 })).toBe(102);
  });
  it('waits no longer at 64 KiB', () => {
    expect(dueAt({ bytes: 64 * 1024, since: 100, lastSent: 100 })).toBe(100);
  });
});
