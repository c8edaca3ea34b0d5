/** The lines of any menu: under a button, at the pointer, beside a row. */
import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import './menu.css';
import { Kbd } from './kbd.tsx';
import type { MenuAction, MenuEntry } from './menu-entry.ts';

function Inside({ entry }: { readonly entry: MenuAction }) {
  return (
    <>
      <span className="ui-menu-icon">{entry.checked === true ? <Check /> : entry.icon}</span>
      <span className="ui-menu-label">
        {entry.label}
        {entry.hint ? <span className="ui-menu-hint">{entry.hint}</span> : null}
      </span>
      {entry.chord ? <Kbd chord={entry.chord} /> : null}
    </>
  );
}

function Line({ entry }: { readonly entry: MenuAction }) {
  const common = { className: 'ui-menu-item', disabled: entry.disabled ?? false, 'data-danger': entry.danger };
  if (entry.checked !== undefined)
    return (
      <Base.CheckboxItem {...common} checked={entry.checked} closeOnClick onCheckedChange={() => entry.onSelect()}>
        <Inside entry={entry} />
      </Base.CheckboxItem>
    );
  return (
    <Base.Item {...common} onClick={() => entry.onSelect()}>
      <Inside entry={entry} />
    </Base.Item>
  );
}

export function MenuLines({ entries }: { readonly entries: readonly MenuEntry[] }) {
  return entries.map((entry, at) =>
    entry === 'separator' ? (
      // A separator has nothing but its place.
      <Base.Separator key={`separator-${at}`} className="ui-menu-separator" />
    ) : (
      <Line key={`${entry.label} ${entry.hint ?? ''}`} entry={entry} />
    ),
  );
}
