import { describe, expect, it } from 'vitest';
import { createCodes } from './codes.ts';

const codes = createCodes('a-secret-of-32-characters-or-more!');

describe('a code', () => {
  it('has six digits, also when it begins with zeros, and is hardly ever the one before', () => {
    const made = Array.from({ length: 200 }, () => codes.make());
    for (const code of made) expect(code).toMatch(/^\d{6}$/);
    expect(new Set(made).size).toBeGreaterThan(190);
  });

  it('is known again by its hash, for its own sign-in only', () => {
    const hash = codes.hash('one', '012345');
    expect(codes.isRight('one', '012345', hash)).toBe(true);
    expect(codes.isRight('one', '012346', hash)).toBe(false);
    expect(codes.isRight('two', '012345', hash)).toBe(false);
    expect(codes.isRight('one', '012345', '')).toBe(false);
  });

  it('cannot be found again without the secret', () => {
    const other = createCodes('another-secret-of-32-characters-!!');
    expect(other.isRight('one', '012345', codes.hash('one', '012345'))).toBe(false);
  });
});
