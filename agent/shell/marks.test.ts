/** Marks in a stream of output: found wherever it is cut, believed only with the nonce, and never drawn. */
import { Terminal } from '@xterm/headless';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCheckpoints } from '../sessions/checkpoints.ts';
import { MOST_MARK, parseMark } from './marks.ts';

const marked = (content: string): string => `\u001b]633;W;${content}\u0007`;
const found = (text: string, lengths: readonly number[] = []): string[] => {
  const contents: string[] = [];
  const checkpoints = createCheckpoints(64, (content) => contents.push(content.toString()));
  const bytes = Buffer.from(text);
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const end = at + 1 + (lengths[turn % Math.max(1, lengths.length)] ?? bytes.length);
    checkpoints.write(bytes.subarray(at, end), 0);
    at = end;
  }
  return contents;
};
const parse = (content: string, nonce = 'n') => parseMark(Buffer.from(content), nonce);

describe('in the output', () => {
  it('they are found wherever it is cut, and nothing else is', () => {
    const noise = fc.constantFrom(
      'text',
      'é«',
      '\u001b[31m',
      '\u001b]0;title\u0007',
      '\u001b]633;A\u0007',
      '\u001b]63\u0007',
    );
    const part = fc.oneof(noise, fc.constantFrom('n;done;0', 'n;run;1;/é;ls «').map(marked));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), fc.array(fc.nat(20), { maxLength: 10 }), (parts, lengths) => {
        const wanted = parts.filter((each) => each.startsWith('\u001b]633;W;')).map((each) => each.slice(2, -1));
        expect(found(parts.join(''), lengths)).toEqual(wanted);
      }),
    );
  });

  it('one that is broken off, or that never ends, is none, and costs no more than is kept', () => {
    expect(found('\u001b]633;W;n;done;0\u001b\\')).toEqual([]);
    expect(found('\u001b]633;W;n;done;0\u0018')).toEqual([]);
    expect(found(`${marked('x'.repeat(MOST_MARK))}${marked('n;done;0')}`)).toEqual(['633;W;n;done;0']);
  });

  it('they draw nothing', async () => {
    const terminal = new Terminal({ cols: 40, rows: 3, allowProposedApi: true });
    const text = `before${marked("n;run;1;/srv;echo 'é%0A'")}, ${marked('n;done;0')}after`;
    await new Promise<void>((resolve) => terminal.write(text, resolve));
    expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe('before, after');
  });
});

describe('a mark', () => {
  it('says what runs and how it ended', () => {
    expect(parse('633;W;n;run;1;/srv/a%3Bb;echo%20%C3%A9 日本%0Aend')).toEqual({
      type: 'run',
      isExact: true,
      cwd: '/srv/a;b',
      line: { text: 'echo é 日本\nend', cut: false },
    });
    expect(parse('633;W;n;run;0;;')).toMatchObject({ isExact: false, cwd: '', line: { text: '' } });
    expect(parse('633;W;n;done;130')).toEqual({ type: 'done', exitCode: 130 });
    expect(parse('633;W;n;done;-1073741510')).toEqual({ type: 'done', exitCode: -1_073_741_510 });
  });

  it.each([
    ['another nonce', '633;W;m;done;0'],
    ['a nonce that begins like it', '633;W;nn;done;0'],
    ['no nonce', '633;W;;done;0'],
    ['no code', '633;W;n;done;'],
    ['a code that is none', '633;W;n;done;1e9'],
    ['an unknown word', '633;W;n;begin;1;/;ls'],
    ['nothing more', '633;W;n'],
  ])('with %s is none', (_name, content) => {
    expect(parse(content)).toBeNull();
  });

  it('holds bytes that are no text, which are replaced', () => {
    const content = Buffer.concat([Buffer.from('633;W;n;run;1;/;echo '), Buffer.from([0xff, 0x80])]);
    expect(parseMark(content, 'n')).toMatchObject({ line: { text: 'echo \uFFFD\uFFFD' } });
  });
});
