/** One line of a menu, as data. */
import type { ReactNode } from 'react';

export interface MenuAction {
  readonly label: string;
  /** A second, quieter text. */
  readonly hint?: string;
  readonly icon?: ReactNode;
  readonly chord?: string;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  /** For a line that is on or off. */
  readonly checked?: boolean;
  onSelect(): void;
}
export type MenuEntry = MenuAction | 'separator';
