/**
 * Widths are those of whole clusters (an emoji of several code points is two cells wide), and a program that asks by mode 2027
 * is told so, so that both sides count the same.
 */
import type { IParser } from '@xterm/xterm';

const MODE = 2027;
/** Of DECRPM. */
const ALWAYS_SET = 3;

interface Asked {
  readonly parser: Pick<IParser, 'registerCsiHandler'>;
  input(data: string, wasUserInput?: boolean): void;
}

export function answerGraphemeMode(terminal: Asked): void {
  terminal.parser.registerCsiHandler({ prefix: '?', intermediates: '$', final: 'p' }, (params) => {
    if (params[0] !== MODE) return false;
    terminal.input(`\u001b[?${MODE};${ALWAYS_SET}$y`, false);
    return true;
  });
}
