/** What a paste sends, what it looks like before, and whether the person is asked. The only way text from elsewhere becomes input. */

/** Larger texts are refused: a file is the way for them. Characters. */
export const MAX_PASTE = 1024 * 1024;

/** One key for each end of a line, however it was written. */
const LINE_ENDS = /\r\n|\n|\r|\u0085|\u2028|\u2029/g;
/** What acts on a terminal instead of being shown: C0 but for tab and line ends, DEL, C1. */
const CONTROLS = /(?![\t\n\r\u0085])\p{Cc}/gu;
/** What hides or reorders the text around it: it can make a command look like another. Joiners belong to words and emoji. */
const INVISIBLE = /(?![\u200c\u200d])\p{Cf}/gu;

const BRACKET_START = '\u001b[200~';
const BRACKET_END = '\u001b[201~';

export interface PasteFindings {
  /** Lines, as a person counts them. */
  readonly lines: number;
  /** Its last line ends: without bracketed paste it runs at once. */
  readonly endsLine: boolean;
  readonly controls: number;
  readonly invisible: number;
}

export function inspectPaste(text: string): PasteFindings {
  const ends = count(text, LINE_ENDS);
  const endsLine = /[\r\n\u0085\u2028\u2029]$/.test(text);
  return {
    lines: ends + (endsLine ? 0 : 1),
    endsLine,
    controls: count(text, CONTROLS),
    invisible: count(text, INVISIBLE),
  };
}

/** Whether the person should see it first. */
export function isRisky(found: PasteFindings): boolean {
  return found.lines > 1 || found.endsLine || found.controls > 0 || found.invisible > 0;
}

/** What is left when everything that acts or hides is taken out: text, tabs and line ends. */
export function cleanPaste(text: string): string {
  return text.replace(CONTROLS, '').replace(INVISIBLE, '');
}

/** On one line: line ends become spaces, none at the end. */
export function joinLines(text: string): string {
  return text
    .replace(LINE_ENDS, '\n')
    .replace(/\n+$/, '')
    .replace(/\s*\n\s*/g, ' ');
}

/**
 * The input for a paste. In a bracketed paste no control character is ever sent: one of them could end the bracket, and
 * what follows would be typed.
 */
export function pasteInput(text: string, bracketed: boolean): string {
  const keys = text.replace(LINE_ENDS, '\r');
  return bracketed ? BRACKET_START + keys.replace(CONTROLS, '') + BRACKET_END : keys;
}

/** Exactly what will be pasted, with everything that is not seen made visible. */
export function showPaste(text: string): string {
  return text
    .replace(CONTROLS, (char) => picture(char))
    .replace(INVISIBLE, (char) => codePoint(char))
    .replaceAll('\t', '⇥\t')
    .replace(LINE_ENDS, '⏎\n');
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

function picture(char: string): string {
  const code = char.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '␡' : codePoint(char);
}

const codePoint = (char: string): string =>
  `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
