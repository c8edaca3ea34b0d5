import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askPassword, readPassword } from './password-input.ts';

function typing(...lines: string[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  const shown: string[] = [];
  output.on('data', (chunk: Buffer) => {
    shown.push(chunk.toString());
    if (chunk.toString().endsWith(': ')) input.write(lines.shift() ?? '');
  });
  return { terminal: { input, output }, shown };
}

describe('a password from standard input', () => {
  it('is its first line, whatever follows and whatever is in it', async () => {
    const input = new PassThrough();
    input.end('  correct horse $\\ \r\nsecond line\n');
    expect(await readPassword({ input })).toEqual({ ok: true, password: '  correct horse $\\ ' });
  });

  it.each([['short\n'], ['']])('is refused where it is too short: %j', async (text) => {
    const input = new PassThrough();
    input.end(text);
    expect(await readPassword({ input })).toEqual({ ok: false, code: 'too-short' });
  });
});

describe('a password from a terminal', () => {
  it('is asked for twice, and nothing of it is shown', async () => {
    const { terminal, shown } = typing('correct horse\r', 'correct horse\r');
    expect(await askPassword(terminal)).toEqual({ ok: true, password: 'correct horse' });
    expect(shown.join('')).toBe('Password: \nThe same again: \n');
  });

  it('has to be the same twice, long enough, and not interrupted', async () => {
    expect(await askPassword(typing('correct horse\r', 'correct house\r').terminal)).toMatchObject({
      code: 'not-the-same',
    });
    expect(await askPassword(typing('short\r').terminal)).toMatchObject({ code: 'too-short' });
    expect(await askPassword(typing('corr\u0003').terminal)).toMatchObject({ code: 'cancelled' });
    expect(await askPassword(typing('correct horse\r', '\u0004').terminal)).toMatchObject({ code: 'cancelled' });
  });

  it('cannot be asked for without one', async () => {
    const terminal = { input: new PassThrough(), output: new PassThrough() };
    expect(await askPassword(terminal)).toEqual({ ok: false, code: 'no-terminal' });
  });
});
