/** Every action with its shortcut, which can be another one. */
import { RotateCcw } from 'lucide-react';
import { useMemo, useState } from 'react';
import { belongsToShell, canonical, shown, type Platform } from '../ui/chord.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Card } from '../ui/page.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { ChordRecorder } from './chord-recorder.tsx';
import type { ShortcutRow } from './shortcut-row.ts';

interface ShortcutSettingsProps {
  readonly rows: readonly ShortcutRow[];
  readonly platform: Platform;
  /** An empty chord takes the shortcut away; null brings the default back. */
  readonly onChange: (id: string, chord: string | null) => void;
}

/** The other action that has this chord, if one has. */
const takenBy = (rows: readonly ShortcutRow[], row: ShortcutRow, platform: Platform) => {
  const mine = new Set(row.chords.map((chord) => canonical(chord, platform)));
  return rows.find(
    (other) => other.id !== row.id && other.chords.some((chord) => mine.has(canonical(chord, platform))),
  );
};

function noteOf(rows: readonly ShortcutRow[], row: ShortcutRow, platform: Platform): string | null {
  const other = takenBy(rows, row, platform);
  if (other) return `Also the shortcut of “${other.title}”.`;
  const toShell = row.chords.length > 0 && row.chords.every((chord) => belongsToShell(canonical(chord, platform)));
  return toShell ? 'In a terminal, these keys go to the shell.' : null;
}

export function ShortcutSettings({ rows, platform, onChange }: ShortcutSettingsProps) {
  const [filter, setFilter] = useState('');
  const [recording, setRecording] = useState<string | null>(null);
  const wanted = filter.trim().toLowerCase();
  const found = useMemo(
    () => rows.filter((row) => `${row.section} ${row.title} ${row.chords.join(' ')}`.toLowerCase().includes(wanted)),
    [rows, wanted],
  );
  return (
    <Card>
      <div className="settings-shortcut-filter">
        <SearchField label="Filter shortcuts" placeholder="Filter shortcuts" value={filter} onChange={setFilter} />
      </div>
      <ul className="settings-shortcuts">
        {found.map((row) => {
          const note = noteOf(rows, row, platform);
          return (
            <li key={row.id}>
              <span className="settings-shortcut-title">
                <span className="ui-muted">{row.section}: </span>
                {row.title}
                {note && <span className="settings-shortcut-note">{note}</span>}
              </span>
              {recording === row.id ? (
                <ChordRecorder
                  action={row.title}
                  onCancel={() => setRecording(null)}
                  onChord={(chord) => {
                    setRecording(null);
                    onChange(row.id, chord);
                  }}
                />
              ) : (
                <button
                  type="button"
                  className="settings-chord"
                  aria-label={`Change the shortcut of ${row.title}, now ${row.chords.map((chord) => shown(chord, platform)).join(' or ') || 'none'}`}
                  onClick={() => setRecording(row.id)}
                >
                  {row.chords.length === 0 && <span className="ui-muted">None</span>}
                  {row.chords.map((chord) => (
                    <Kbd key={chord} chord={shown(chord, platform)} />
                  ))}
                </button>
              )}
              <IconButton
                label={`Default shortcut for ${row.title}`}
                icon={<RotateCcw />}
                size="sm"
                disabled={row.isDefault}
                onClick={() => onChange(row.id, null)}
              />
            </li>
          );
        })}
      </ul>
      {found.length === 0 && <p className="settings-none">Nothing matches.</p>}
    </Card>
  );
}
