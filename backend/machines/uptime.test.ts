import { describe, expect, it } from 'vitest';
import { uptimeText } from './uptime.ts';

describe('an uptime', () => {
  it.each([
    [0, '0m'],
    [59, '0m'],
    [30 * 60, '30m'],
    [3600, '1h 0m'],
    [2 * 3600 + 5 * 60 + 59, '2h 5m'],
    [5 * 86_400 + 12 * 3600 + 30 * 60, '5d 12h 30m'],
    [86_400, '1d 0h 0m'],
  ])('of %d seconds reads %s', (seconds, text) => {
    expect(uptimeText(seconds)).toBe(text);
  });
});
