/** A one-time code, a box for each digit: typing moves on, Backspace moves back, and a code that is pasted fills them all. */
import { OTPField } from '@base-ui/react/otp-field';
import { useId, type ReactNode, type Ref } from 'react';
import './code-field.css';

interface CodeFieldProps {
  readonly label: string;
  readonly length: number;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** The last digit was typed, or all of them pasted. */
  readonly onComplete: (value: string) => void;
  /** Over it at its end: what changes all the time, and is announced by nothing. */
  readonly aside?: ReactNode;
  /** Under it, and read out with it. */
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly disabled?: boolean;
  /** It is being looked at: it keeps the keyboard and takes nothing. */
  readonly busy?: boolean;
  /** The first box. */
  readonly ref?: Ref<HTMLInputElement>;
}

export function CodeField(props: CodeFieldProps) {
  const { label, length, value, onChange, onComplete, aside, hint, error } = props;
  const { disabled = false, busy = false, ref } = props;
  const id = useId();
  const wrong = error !== undefined;
  return (
    <div className="ui-field">
      <div className="ui-code-head">
        <label className="ui-field-label" htmlFor={id}>
          {label}
        </label>
        <span className="ui-code-aside">{aside}</span>
      </div>
      <OTPField.Root
        id={id}
        className="ui-digits"
        length={length}
        value={value}
        onValueChange={onChange}
        onValueComplete={onComplete}
        disabled={disabled}
        readOnly={busy}
        aria-describedby={`${id}-note`}
      >
        {Array.from({ length }, (_, at) => (
          <OTPField.Input
            key={at}
            className="ui-digit"
            data-invalid={wrong || undefined}
            aria-invalid={wrong || undefined}
            {...(at === 0
              ? { ref, 'aria-describedby': `${id}-note` }
              : { 'aria-label': `Digit ${at + 1} of ${length}` })}
          />
        ))}
      </OTPField.Root>
      <div className="ui-field-note" id={`${id}-note`} data-wrong={wrong || undefined} aria-live="polite">
        {error ?? hint}
      </div>
    </div>
  );
}
