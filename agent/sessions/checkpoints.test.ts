/** Checkpoints and modes, against the very emulator that draws: what it is told at a checkpoint leaves it as if it had seen all. */
import { Terminal } from '@xterm/headless';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCheckpoints } from './checkpoints.ts';

const EVERY = 64;
const encoder = new TextEncoder();
const csi = (text: string): string => `\u001b[${text}`;

const settable = [1, 2, 6, 7, 9, 25, 45, 47, 66, 1000, 1002, 1003, 1004, 1006, 1016, 1047, 2004] as const;
const charsets = [
  '\u001b(0',
  '\u001b(B',
  '\u001b)0',
  '\u001b*0',
  '\u000e',
  '\u000f',
  '\u001bn',
  '\u001bo',
  '\u001b[?20\u000e04h',
];
const others = [
  ...['4h', '4l', '!p', '2;10r', 'r', '3 q', '0 q', 'm', '1;31m', '12\u0018', '1?25l', '1 2h'].map(csi),
  '\u001b=',
  '\u001b>',
  '\u001bc',
  '\u0085',
  '\u001b]0;title\u0007',
  '\u001b]2;other\u001b\\',
  '\u001bPq#0;2\u001b\\',
  '\u001b_apc\u001b\\',
  '\u001b]8;;http://x\u0007link\u001b]8;;\u0007',
  '\u009b?2004h',
  '\u009d0;c1\u009c',
  '\u0090dcs\u009c',
];
const text = fc.oneof(fc.constantFrom('plain', 'é', '«', '日本', '👩‍💻', '\r\n', '\u00a0'), fc.string({ maxLength: 8 }));
const streamOf = (modes: readonly number[], sequences: readonly string[]) => {
  const setting = fc
    .tuple(fc.array(fc.constantFrom(...modes), { minLength: 1, maxLength: 3 }), fc.constantFrom('h', 'l'))
    .map(([numbers, last]) => csi(`?${numbers.join(';')}${last}`));
  const parts = fc.oneof(setting, fc.constantFrom(...sequences), text);
  return fc.array(parts, { maxLength: 60 }).map((all) => encoder.encode(all.join('')));
};
/** Not together: with mode 1049 the emulator saves and restores the character set too, which nobody follows. */
const stream = fc.oneof(streamOf([...settable, 1049], others), streamOf(settable, [...others, ...charsets]));
const cuts = fc.array(fc.nat(200), { maxLength: 20 });

/** The stream in pieces of these lengths, again and again. */
function* pieces(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = 1 + (lengths[turn % Math.max(1, lengths.length)] ?? bytes.length);
    yield bytes.subarray(at, at + length);
    at += length;
  }
}
const write = async (terminal: Terminal, data: Uint8Array | string): Promise<void> =>
  new Promise((resolve) => {
    terminal.write(data, resolve);
  });
const visible = (part: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(part);
const newTerminal = (): Terminal => new Terminal({ cols: 40, rows: 12, allowProposedApi: true });

/** What of a terminal the modes are, as far as it can be asked. */
async function stateOf(terminal: Terminal): Promise<unknown> {
  const answers: string[] = [];
  const listening = terminal.onData((data) => answers.push(data));
  // DECRQM for each mode, and DECRQSS for margins and cursor style; `p` and `q` in the character set that is active
  const asked = [1, 6, 7, 25, 45, 66, 1004, 1006, 1016, 2004, 2026].map((mode) => csi(`?${mode}$p`)).join('');
  await write(terminal, `${asked}${csi('4$p')}\u001bP$qr\u001b\\\u001bP$q q\u001b\\`);
  listening.dispose();
  await write(terminal, `${csi('?6l')}${csi('H')}q`);
  const drawn = terminal.buffer.active.getLine(terminal.buffer.active.baseY)?.getCell(0)?.getChars();
  return { answers, screen: terminal.buffer.active.type, mouse: terminal.modes.mouseTrackingMode, drawn };
}

describe('a checkpoint', () => {
  it('gives a terminal that saw nothing before the modes of one that saw all', async () => {
    await fc.assert(
      fc.asyncProperty(stream, cuts, fc.nat(), async (bytes, lengths, pick) => {
        const checkpoints = createCheckpoints(EVERY);
        for (const piece of pieces(bytes, lengths)) checkpoints.write(piece, 0);
        const at = checkpoints.from(bytes.length === 0 ? 0 : pick % bytes.length);
        const whole = newTerminal();
        const late = newTerminal();
        await write(whole, bytes.subarray(0, at.offset));
        // a cut in the midst of something must not spoil it
        await write(late, `${csi('?2004h')}${csi('?1049h')}\u001b)0\u000e\u001b]0;cut`);
        await write(late, at.modes);
        expect(await stateOf(late)).toEqual(await stateOf(whole));
      }),
      { numRuns: 300 },
    );
  });

  it('lies outside every sequence and code point: what follows it draws the same as in the whole stream', async () => {
    const plain = fc.array(
      fc.constantFrom('é', '日本語', '👍', csi('31m'), csi('m'), '\u001b]0;t\u0007', 'x', '\u009b1m'),
      { minLength: 30, maxLength: 120 },
    );
    await fc.assert(
      fc.asyncProperty(plain, cuts, async (parts, lengths) => {
        const bytes = encoder.encode(parts.join(''));
        const checkpoints = createCheckpoints(EVERY);
        for (const piece of pieces(bytes, lengths)) checkpoints.write(piece, 0);
        const at = checkpoints.from(1);
        const rest = visible(bytes.subarray(at.offset));
        const before = visible(bytes.subarray(0, at.offset));
        expect(parts.join('')).toBe(before + rest);
        const terminal = newTerminal();
        await write(terminal, rest);
        expect(terminal.buffer.active.getLine(0)?.translateToString(true) ?? '').not.toMatch(/^(\d*m|0;t|\[)/);
      }),
      { numRuns: 100 },
    );
  });

  it('is noted once each interval, and forgotten with the bytes it stands for', () => {
    const checkpoints = createCheckpoints(EVERY);
    for (let block = 0; block < 10; block += 1)
      checkpoints.write(encoder.encode('x'.repeat(EVERY)), block > 5 ? EVERY * 4 : 0);
    checkpoints.write(encoder.encode('x'), EVERY * 4);
    expect(checkpoints.from(0).offset).toBe(EVERY * 4);
    expect(checkpoints.from(EVERY * 4 + 1).offset).toBe(EVERY * 5);
    expect(checkpoints.latest().offset).toBe(EVERY * 10);
  });

  it('waits for the end of a long picture, and where that never comes the end of the output stands in', () => {
    const checkpoints = createCheckpoints(EVERY);
    checkpoints.write(encoder.encode(`\u001bPq${'#'.repeat(EVERY * 3)}`), 0);
    expect(checkpoints.from(1).offset).toBe(EVERY * 3 + 3);
    checkpoints.write(encoder.encode('\u001b\\after'), 0);
    expect(checkpoints.from(1).offset).toBe(EVERY * 3 + 5);
  });

  it.each([
    ['a title ended by BEL', '\u001b]0;title\u0007'],
    ['a title ended by ST', '\u001b]0;title\u001b\\'],
    ['a control sequence', '\u001b[38;2;1;2;3m'],
    ['a sequence that was broken off', '\u001b[12\u0018'],
    ['a C1 control', '\u0085'],
  ])('comes right behind %s', (_name, given) => {
    const checkpoints = createCheckpoints(2);
    checkpoints.write(encoder.encode(`${given}x`), 0);
    expect(checkpoints.from(1).offset).toBe(encoder.encode(given).length);
  });

  it('states its modes in 1 KiB at most', () => {
    const checkpoints = createCheckpoints(EVERY);
    const all = [1, 6, 45, 66, 1003, 1004, 1016, 2004, 1049].map((mode) => csi(`?${mode}h`)).join('');
    checkpoints.write(
      encoder.encode(`${all}${csi('?7;25l')}${csi('4;20h')}${csi('100;200r')}\u001b(0\u001b)0\u001b*0\u001b+0\u001bo`),
      0,
    );
    expect(checkpoints.from(1).modes.length).toBeLessThan(1024);
  });
});
