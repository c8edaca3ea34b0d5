/** Lets text from elsewhere in: at once when it is harmless, after the person has seen it otherwise. */
import { cleanPaste, inspectPaste, isRisky, joinLines, MAX_PASTE, pasteInput, type PasteFindings } from './paste.ts';

/** What the person is asked about. */
export interface PendingPaste {
  readonly text: string;
  readonly found: PasteFindings;
  /** The program asked for pastes to be marked: their lines are not run one by one. */
  readonly bracketed: boolean;
}

export interface PasteAnswer {
  /** What the person saw and chose. */
  readonly form: 'clean' | 'one-line' | 'as-is';
  readonly remember: boolean;
}

interface PastingParts {
  /** Whether anything typed goes anywhere now. */
  readonly isTaken: () => boolean;
  readonly guarded: () => boolean;
  readonly bracketed: () => boolean;
  readonly ask: (pending: PendingPaste | null) => void;
  readonly send: (input: string) => void;
  readonly refused: (why: string) => void;
}

export interface Pasting {
  paste(text: string): void;
  /** Null: not pasted. */
  answer(answer: PasteAnswer | null): void;
}

export function createPasting({ isTaken, guarded, bracketed, ask, send, refused }: PastingParts): Pasting {
  let pending: PendingPaste | null = null;
  let trusted = false;
  return {
    paste(text) {
      if (!isTaken()) return undefined;
      if (text.length > MAX_PASTE)
        return refused(`Not pasted: ${sizeOf(text)} is too much for a terminal. Send a file instead.`);
      const found = inspectPaste(text);
      if (trusted || !guarded() || !isRisky(found)) return send(pasteInput(text, bracketed()));
      pending = { text, found, bracketed: bracketed() };
      ask(pending);
    },
    answer(answer) {
      const { text } = pending ?? { text: '' };
      pending = null;
      ask(null);
      if (answer === null || text === '') return;
      trusted ||= answer.remember;
      send(pasteInput(pastedText(text, answer.form), bracketed()));
    },
  };
}

/** The text in the form the person chose, before line ends become keys. */
export function pastedText(text: string, form: PasteAnswer['form']): string {
  switch (form) {
    case 'clean':
      return cleanPaste(text);
    case 'one-line':
      return joinLines(cleanPaste(text));
    case 'as-is':
      return text;
  }
}

const sizeOf = (text: string): string => `${(text.length / 1e6).toFixed(1)} million characters`;
