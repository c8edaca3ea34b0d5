/**
 * What a shell says of its commands, within its output: `ESC ] 633 ; W ; nonce ; … BEL`, an escape sequence that no terminal draws.
 *
 *   run ; 1 ; folder ; line   the line is about to run. 0: it is not known whether that is the line.
 *   done ; code               and has ended; or there was none, and this is just a prompt
 *
 * The nonce is the session's: what a program prints without it forges nothing. Folder and line are percent-encoded at least in
 * what would end them.
 */
import { timingSafeEqual } from 'node:crypto';
import { MOST_COMMAND } from '../../protocol/wire/control.ts';

/** Of an escape sequence that may be a mark: more is not kept of it. Bytes. */
export const MOST_MARK = 64 * 1024;
export const MARK_PREFIX = '633;W;';

export interface Line {
  readonly text: string;
  readonly cut: boolean;
}
export type Mark =
  | { readonly type: 'run'; readonly isExact: boolean; readonly cwd: string; readonly line: Line }
  | { readonly type: 'done'; readonly exitCode: number };

/** `content`: what stands between `ESC ]` and BEL. Null: not a mark of this session. */
export function parseMark(content: Buffer, nonce: string): Mark | null {
  const prefix = Buffer.from(`${MARK_PREFIX}${nonce};`);
  const given = content.subarray(0, prefix.length);
  if (given.length !== prefix.length || !timingSafeEqual(given, prefix)) return null;
  const [kind, first = '', cwd = '', line = ''] = content.subarray(prefix.length).toString('latin1').split(';');
  if (kind === 'run')
    return { type: 'run', isExact: first === '1', cwd: decoded(cwd).slice(0, 4096), line: cutLine(decoded(line)) };
  return kind === 'done' && /^-?\d{1,10}$/u.test(first) ? { type: 'done', exitCode: Number(first) } : null;
}

/** Shells and people may send more than is kept. */
export function cutLine(text: string): Line {
  return text.length > MOST_COMMAND ? { text: text.slice(0, MOST_COMMAND), cut: true } : { text, cut: false };
}

/** Bytes that are no UTF-8 are replaced. */
function decoded(encoded: string): string {
  const bytes = encoded.replaceAll(/%([0-9A-F]{2})/giu, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
