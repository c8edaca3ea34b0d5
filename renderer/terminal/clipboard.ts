/** The clipboard of the window: what is copied is said, and where it is refused that is said too. */
import type { Bridge } from '../../protocol/bridge/bridge.ts';

interface ClipboardParts {
  readonly bridge: Pick<Bridge, 'call'>;
  readonly notice: (text: string) => void;
}

export interface WindowClipboard {
  copy(text: string): void;
  /** For what the person did not ask for by name: says nothing when it worked. */
  copyQuietly(text: string): void;
  /** Hands over the text, if there is any. */
  read(to: (text: string) => void): void;
}

export function createClipboard({ bridge, notice }: ClipboardParts): WindowClipboard {
  const put = async (text: string, done: string | null): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      if (done !== null) notice(done);
    } catch {
      notice('Not copied: the system did not let this window use the clipboard.');
    }
  };
  const take = async (): Promise<string | null> => {
    const answer = await bridge.call('clipboard.read', null);
    if (answer.ok && answer.value !== null) return answer.value;
    try {
      return await navigator.clipboard.readText();
    } catch {
      notice(
        'Not pasted: the system did not let this window read the clipboard. Ctrl+Shift+V works without its leave.',
      );
      return null;
    }
  };
  return {
    copy: (text) => void put(text, copied(text)),
    copyQuietly: (text) => void put(text, null),
    read: (to) =>
      void take().then((text) => {
        if (text !== null && text !== '') to(text);
        return undefined;
      }),
  };
}

function copied(text: string): string {
  const lines = text.split('\n').length;
  return lines === 1 ? 'Copied' : `Copied ${lines} lines`;
}
