/** Says that what is below is the last that is known, how old it is, and why. */
import { CloudOff } from 'lucide-react';
import type { ReactNode } from 'react';
import './stale-note.css';

interface StaleNoteProps {
  /** `5 min ago`; empty where it is not known. */
  readonly age: string;
  readonly why?: string | undefined;
  readonly action?: ReactNode;
}

export function StaleNote({ age, why, action }: StaleNoteProps) {
  return (
    <output className="ui-stale">
      <CloudOff aria-hidden="true" />
      <span className="ui-stale-text">
        <strong>Last known{age ? `, from ${age}` : ''}.</strong> {why}
      </span>
      {action}
    </output>
  );
}
