/** Filters a list as one types; Escape empties it. */
import { Search, X } from 'lucide-react';
import type { KeyboardEvent, Ref } from 'react';
import { IconButton } from './icon-button.tsx';
import { TextField } from './text-field.tsx';

interface SearchFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** A key that belongs to the list below, such as the arrows. */
  readonly onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
  readonly ref?: Ref<HTMLInputElement>;
}

export function SearchField({ label, placeholder, value, onChange, onKeyDown, ref }: SearchFieldProps) {
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Escape' && value !== '') {
      event.stopPropagation();
      onChange('');
    } else onKeyDown?.(event);
  };
  return (
    <TextField
      {...(ref ? { ref } : {})}
      type="search"
      className="ui-search"
      label={label}
      hideLabel
      placeholder={placeholder}
      value={value}
      onChange={onChange}
      onKeyDown={keys}
      leading={<Search aria-hidden="true" />}
      trailing={
        value === '' ? null : (
          <IconButton label="Clear" icon={<X />} size="sm" tabIndex={-1} onClick={() => onChange('')} />
        )
      }
    />
  );
}
