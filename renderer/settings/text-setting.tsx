/** A setting that is a line of text: kept when one leaves the field or presses Enter. */
import { useState } from 'react';
import { TextField } from '../ui/text-field.tsx';

interface TextSettingProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly maxLength: number;
  /** A sentence when this cannot be right. */
  readonly check?: (value: string) => string | undefined;
  readonly onCommit: (value: string) => void;
}

export function TextSetting({ label, placeholder, value, maxLength, check, onCommit }: TextSettingProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const shown = draft ?? value;
  const error = check?.(shown.trim());
  const commit = () => {
    if (error !== undefined) return;
    setDraft(null);
    if (shown.trim() !== value) onCommit(shown.trim());
  };
  return (
    <TextField
      className="settings-text"
      label={label}
      hideLabel
      placeholder={placeholder}
      maxLength={maxLength}
      value={shown}
      onChange={setDraft}
      error={error}
      onBlur={commit}
      onKeyDown={(event) => (event.key === 'Enter' ? commit() : undefined)}
    />
  );
}
