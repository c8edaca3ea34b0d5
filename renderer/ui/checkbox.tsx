/** A box to tick, with its words beside it. */
import { Checkbox as Base } from '@base-ui/react/checkbox';
import { Check, Minus } from 'lucide-react';
import './checkbox.css';

interface CheckboxProps {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly checked: boolean;
  /** Some of what it stands for are ticked. */
  readonly partly?: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  readonly tabIndex?: number;
}

export function Checkbox(props: CheckboxProps) {
  const { label, hideLabel = false, checked, partly = false, onChange, disabled = false, tabIndex } = props;
  const box = (
    <Base.Root
      className="ui-checkbox"
      aria-label={label}
      checked={checked}
      indeterminate={partly}
      disabled={disabled}
      {...(tabIndex === undefined ? {} : { tabIndex })}
      onCheckedChange={(next) => onChange(next)}
    >
      <Base.Indicator className="ui-checkbox-mark">{partly ? <Minus /> : <Check />}</Base.Indicator>
    </Base.Root>
  );
  return hideLabel ? (
    box
  ) : (
    <span className="ui-checkbox-line">
      {box}
      {label}
    </span>
  );
}
