/** How the app reaches the terminals that are drawn. */
import type { TerminalHandle } from '../../terminal/terminal-handle.ts';

export interface Handles {
  of(terminal: string): TerminalHandle | undefined;
  /** Returns what takes it out again. */
  add(terminal: string, handle: TerminalHandle): () => void;
}

export function createHandles(): Handles {
  const handles = new Map<string, TerminalHandle>();
  return {
    of: (terminal) => handles.get(terminal),
    add(terminal, handle) {
      handles.set(terminal, handle);
      return () => {
        if (handles.get(terminal) === handle) handles.delete(terminal);
      };
    },
  };
}
