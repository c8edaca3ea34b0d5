/** What a tab is called. Pure. */
import type { Terminal } from '../../../protocol/bridge/events.ts';

export interface TabTitle {
  readonly main: string;
  /** What runs there, quieter. */
  readonly more: string;
}

/** The name the person gave; else the machine, and what a program or the shell called itself. */
export function terminalTitle(terminal: Pick<Terminal, 'machine_name' | 'title'>, name: string | undefined): TabTitle {
  if (name) return { main: name, more: '' };
  const { machine_name: machine, title } = terminal;
  return { main: machine, more: title === machine ? '' : title };
}

/** The same in one line, for a screen reader and the window's list of tabs. */
export const titleLine = ({ main, more }: TabTitle): string => (more ? `${main}: ${more}` : main);
