/** Takes the next keys pressed as a shortcut. Escape gives up, Backspace takes the shortcut away. */
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { chordOf } from '../ui/chord.ts';

interface ChordRecorderProps {
  readonly action: string;
  readonly onChord: (chord: string) => void;
  readonly onCancel: () => void;
}

export function ChordRecorder({ action, onChord, onCancel }: ChordRecorderProps) {
  const box = useRef<HTMLButtonElement>(null);
  useEffect(() => box.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Tab' && !event.ctrlKey && !event.altKey && !event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') onCancel();
    else if (event.key === 'Backspace' || event.key === 'Delete') onChord('');
    else {
      const chord = chordOf(event);
      if (chord !== null) onChord(chord);
    }
  };
  return (
    <button
      ref={box}
      type="button"
      className="settings-recorder"
      data-takes-keys="true"
      aria-label={`Press the new shortcut for ${action}. Escape keeps the old one, Backspace takes it away.`}
      onKeyDown={onKeyDown}
      onBlur={onCancel}
    >
      Press keys…
    </button>
  );
}
