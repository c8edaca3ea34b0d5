/** The menu of the screen: at the pointer, or where the keyboard asks for it. */
import { ClipboardPaste, Copy, Eraser, Plus, Search, SquareDashedMousePointer, X, ZoomIn, ZoomOut } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import { ContextMenu } from '../ui/context-menu.tsx';
import type { MenuEntry } from '../ui/menu-entry.ts';
import type { LiveTerminal } from './live-terminal.ts';
import type { TerminalAction } from './terminal-handle.ts';

interface ScreenMenuProps {
  readonly live: LiveTerminal | null;
  /** What the right button does. */
  readonly rightClick: 'menu' | 'paste';
  readonly shortcuts: Readonly<Record<TerminalAction, string>>;
  readonly onDuplicate: () => void;
  readonly onCloseRequest: () => void;
  readonly children: ReactNode;
}

const LINES = [
  { action: 'copy', label: 'Copy', icon: <Copy /> },
  { action: 'paste', label: 'Paste', icon: <ClipboardPaste /> },
  { action: 'select-all', label: 'Select all', icon: <SquareDashedMousePointer /> },
  'separator',
  { action: 'find', label: 'Find', icon: <Search /> },
  { action: 'clear', label: 'Clear scrollback', icon: <Eraser /> },
  { action: 'zoom-in', label: 'Larger text', icon: <ZoomIn /> },
  { action: 'zoom-out', label: 'Smaller text', icon: <ZoomOut /> },
  'separator',
] as const;

export function ScreenMenu({ live, rightClick, shortcuts, onDuplicate, onCloseRequest, children }: ScreenMenuProps) {
  const items = (): readonly MenuEntry[] => [
    ...LINES.map((line): MenuEntry => {
      if (line === 'separator') return line;
      const { action, label, icon } = line;
      const chord = shortcuts[action];
      return {
        label,
        icon,
        ...(chord === '' ? {} : { chord }),
        disabled: live?.handle.can(action) !== true,
        onSelect: () => live?.handle.perform(action),
      };
    }),
    { label: 'New session on this machine', icon: <Plus />, onSelect: onDuplicate },
    { label: 'Close tab', icon: <X />, onSelect: onCloseRequest },
  ];

  /** A program that takes the mouse gets the right button too, unless Shift is held. */
  const beforeMenu = (event: MouseEvent): void => {
    const toProgram = live?.takesMouse() === true && !event.shiftKey;
    if (!toProgram && rightClick === 'menu') return;
    event.preventDefault();
    event.stopPropagation();
    if (!toProgram) live?.handle.perform('paste');
  };
  return (
    <ContextMenu items={items}>
      <div className="terminal-menu-area" onContextMenuCapture={beforeMenu}>
        {children}
      </div>
    </ContextMenu>
  );
}
