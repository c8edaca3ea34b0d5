/** A line of text with its name, a hint, and what is wrong with it in its place. */
import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from 'react';
import './text-field.css';

type Native = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'>;

export interface TextFieldProps extends Native {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  /** A sentence; the field is marked invalid while it is there. */
  readonly error?: ReactNode;
  /** The name is for screen readers only: what it is stands beside it. */
  readonly hideLabel?: boolean;
  /** Inside the field, at its start and its end. */
  readonly leading?: ReactNode;
  readonly trailing?: ReactNode;
  readonly ref?: Ref<HTMLInputElement>;
}

export function TextField(props: TextFieldProps) {
  const { label, onChange, hint, error, hideLabel = false, leading, trailing, className, ...input } = props;
  const id = useId();
  const wrong = error !== undefined && error !== null && error !== '';
  return (
    <div className={['ui-field', className].filter(Boolean).join(' ')}>
      <label className={hideLabel ? 'ui-visually-hidden' : 'ui-field-label'} htmlFor={id}>
        {label}
      </label>
      <div className="ui-input" data-invalid={wrong || undefined} data-disabled={input.disabled || undefined}>
        {leading}
        <input
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          {...input}
          id={id}
          aria-invalid={wrong || undefined}
          aria-describedby={`${id}-note`}
          onChange={(event) => onChange(event.target.value)}
        />
        {trailing}
      </div>
      <div className="ui-field-note" id={`${id}-note`} data-wrong={wrong || undefined} aria-live="polite">
        {wrong ? error : hint}
      </div>
    </div>
  );
}
