import { describe, expect, it } from 'vitest';
import { tagsOf } from './tags-of.ts';

describe('typed tags', () => {
  it.each([
    ['', []],
    [' , ', []],
    ['web', ['web']],
    ['production , web,production', ['production', 'web']],
  ])('“%s” is %j', (text, tags) => expect(tagsOf(text)).toEqual(tags));
});
