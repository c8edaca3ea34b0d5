import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlain } from './plain-message.ts';

describe('a text of a plain client', () => {
  it.each([
    ['ls -l\r', 'ls -l\r'],
    ['{"type":"input","input":"echo é\\r"}', 'echo é\r'],
    ['{', '{'],
    ['{}', '{}'],
    ['{"type":"hello"}', '{"type":"hello"}'],
    ['[{"type":"input","input":"x"}]', '[{"type":"input","input":"x"}]'],
    ['"input"', '"input"'],
    ['null', 'null'],
    [' {"type":"input","input":"x"}', ' {"type":"input","input":"x"}'],
  ])('%j types %j', (sent, typed) => {
    expect(readPlain(sent)).toEqual({ is: 'typed', text: typed });
  });

  it('of type resize says the size', () => {
    expect(readPlain('{"type":"resize","cols":120,"rows":40}')).toEqual({ is: 'resized', cols: 120, rows: 40 });
  });

  it.each([
    '{"type":"resize","cols":0,"rows":0}',
    '{"type":"resize","cols":"80","rows":24}',
    '{"type":"resize"}',
    '{"type":"input"}',
    '{"type":"input","input":7}',
  ])('of a known type but unusable changes nothing and is not typed into the shell: %s', (sent) => {
    expect(readPlain(sent)).toEqual({ is: 'nothing' });
  });

  it('that is no JSON object is typed as it stands', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.startsWith('{'));
        expect(readPlain(text)).toEqual({ is: 'typed', text });
      }),
    );
  });

  it('wrapped as input is typed as it was before', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(readPlain(JSON.stringify({ type: 'input', input: text }))).toEqual({ is: 'typed', text });
      }),
    );
  });
});
