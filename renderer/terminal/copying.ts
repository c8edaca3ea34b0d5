/** From the selection, or a program's wish, to the clipboard. */

interface CopyingParts {
  readonly write: (text: string) => Promise<void>;
  readonly notice: (text: string) => void;
}

export interface Copying {
  /** Says what was copied, or that it was not. */
  copy(text: string): void;
  /** On select: says nothing when it worked, for the person did not ask. */
  copyQuietly(text: string): void;
}

export function createCopying({ write, notice }: CopyingParts): Copying {
  const put = async (text: string, done: string | null): Promise<void> => {
    try {
      await write(text);
      if (done !== null) notice(done);
    } catch {
      notice('Not copied: the system did not let this window use the clipboard.');
    }
  };
  return {
    copy: (text) => void put(text, copied(text)),
    copyQuietly: (text) => void put(text, null),
  };
}

function copied(text: string): string {
  const lines = text.split('\n').length;
  return lines === 1 ? 'Copied' : `Copied ${lines} lines`;
}
