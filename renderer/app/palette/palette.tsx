/** The command palette: one field that finds machines, sessions, actions and settings. */
import { Dialog } from '@base-ui/react/dialog';
import { Command } from 'cmdk';
import { useMemo, useRef, useState, type RefObject } from 'react';
import { Kbd } from '../../ui/kbd.tsx';
import { shown } from '../../ui/chord.ts';
import { useServices } from '../services.tsx';
import './palette.css';
import { usePaletteGroups, type PaletteItem } from './palette-items.tsx';
import { best } from './palette-search.ts';

interface PaletteProps {
  readonly onClose: () => void;
}

/** Mounted for one search and gone at once: a palette opened again while this one fades would still hold its words. */
export function Palette({ onClose }: PaletteProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <Dialog.Root open onOpenChange={(next) => (next ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="ui-dialog-backdrop" />
        <Dialog.Popup className="palette" initialFocus={input}>
          <Dialog.Title className="ui-visually-hidden">Command palette</Dialog.Title>
          <Finder input={input} onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface FinderProps {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly onClose: () => void;
}

function Finder({ input, onClose }: FinderProps) {
  const { platform } = useServices();
  const groups = usePaletteGroups();
  const [query, setQuery] = useState('');
  /** Whether the command key was held when Enter was pressed. */
  const beside = useRef(false);
  const found = useMemo(
    () =>
      groups
        .map((group) => ({
          title: group.title,
          items: best(group.items, query, query.trim() === '' ? group.limit : group.searched),
        }))
        .filter((group) => group.items.length > 0),
    [groups, query],
  );
  const choose = (item: PaletteItem) => {
    onClose();
    item.onSelect(beside.current);
  };
  return (
    <Command
      label="Command palette"
      shouldFilter={false}
      loop
      onKeyDown={(event) => {
        beside.current = event.ctrlKey || event.metaKey;
      }}
    >
      <Command.Input
        className="palette-input"
        placeholder="Find a machine, a page, an action…"
        value={query}
        onValueChange={setQuery}
        ref={input}
      />
      <Command.List className="palette-list">
        <Command.Empty className="palette-empty">Nothing matches “{query}”.</Command.Empty>
        {found.map((group) => (
          <Command.Group key={group.title} heading={group.title} className="palette-group">
            {group.items.map((item) => (
              <Command.Item key={item.key} value={item.key} className="palette-item" onSelect={() => choose(item)}>
                <span className="palette-icon">{item.icon}</span>
                <span className="ui-truncate">{item.title}</span>
                {item.hint && <span className="palette-hint">{item.hint}</span>}
                {item.chord && <Kbd chord={item.chord} />}
              </Command.Item>
            ))}
          </Command.Group>
        ))}
      </Command.List>
      <div className="palette-foot">
        <span>
          <Kbd chord="↑+↓" /> choose
        </span>
        <span>
          <Kbd chord="Enter" /> open
        </span>
        <span>
          <Kbd chord={shown('Mod+Enter', platform)} /> open beside
        </span>
        <span>
          <Kbd chord="Esc" /> close
        </span>
      </div>
    </Command>
  );
}
