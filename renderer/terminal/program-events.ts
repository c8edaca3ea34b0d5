/** What a program does beside printing: it names its tab, rings, and wants the clipboard. */
import type { Terminal } from '@xterm/xterm';
import { clipboardWish } from './clipboard-wish.ts';
import { createTitles } from './title.ts';

interface ProgramListener {
  titled(title: string): void;
  rang(): void;
  /** Reading it is refused without a word. */
  wantsClipboard(text: string): void;
}

/** `isNew`: what is drawn now is drawn for the first time; what was asked before is not asked again. */
export function listenToProgram(
  terminal: Pick<Terminal, 'parser' | 'onTitleChange' | 'onBell'>,
  isNew: () => boolean,
  listener: ProgramListener,
): void {
  const titles = createTitles((title) => listener.titled(title));
  terminal.onTitleChange((title) => titles.titled(title));
  terminal.parser.registerOscHandler(7, (address) => {
    titles.entered(address);
    return true;
  });
  terminal.onBell(() => {
    if (isNew()) listener.rang();
  });
  terminal.parser.registerOscHandler(52, (data) => {
    const text = clipboardWish(data);
    if (text !== null && isNew()) listener.wantsClipboard(text);
    return true;
  });
}
