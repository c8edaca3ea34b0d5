import { describe, expect, it } from 'vitest';
import { ago, bytes, count, duration, until } from './format.ts';

const at = (ms: number) => new Date(ms).toISOString();
const now = Date.parse('2026-11-24T12:00:00Z');

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KB'],
    [123 * 1024 ** 2, '123 MB'],
    [2 ** 60, '1024 PB'],
  ])('%d is %s', (n, text) => expect(bytes(n)).toBe(text));
});

describe('times', () => {
  it.each([
    [41_000, '41 s'],
    [720_000, '12 min'],
    [3 * 3_600_000, '3 h'],
    [3 * 3_600_000 + 20 * 60_000, '3 h 20 min'],
    [5 * 86_400_000 + 12 * 3_600_000, '5 d 12 h'],
    [-5, '0 s'],
  ])('%d ms last %s', (ms, text) => expect(duration(ms)).toBe(text));
  it.each([
    [-5000, 'just now'],
    [59_000, 'just now'],
    [61_000, '1 min ago'],
    [7_200_000, '2 h ago'],
    [90_000_000, '1 d ago'],
  ])('%d ms before is %s', (ms, text) => expect(ago(at(now - ms), now)).toBe(text));
  it.each([
    [-1, 'now'],
    [1500, 'in 2 s'],
    [61_000, 'in 2 min'],
  ])('%d ms ahead is %s', (ms, text) => expect(until(at(now + ms), now)).toBe(text));
});

describe('counts', () => {
  it('have their own word for one', () => {
    expect(count(1, 'machine')).toBe('1 machine');
    expect(count(12_000, 'machine')).toBe('12,000 machines');
  });
});
