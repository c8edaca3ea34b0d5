/** A number, typed or stepped; told when it is settled. */
import { NumberField as Base } from '@base-ui/react/number-field';
import { Minus, Plus } from 'lucide-react';
import { useState } from 'react';
import './number-field.css';

interface NumberFieldProps {
  /** Read by screen readers; what it is stands beside it. */
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly onCommit: (value: number) => void;
}

export function NumberField({ label, value, min, max, step = 1, onCommit }: NumberFieldProps) {
  /** What is being typed, until it is settled. */
  const [draft, setDraft] = useState<number | null>(null);
  return (
    <Base.Root
      value={draft ?? value}
      min={min}
      max={max}
      step={step}
      snapOnStep
      locale="en"
      format={{ maximumFractionDigits: 2 }}
      onValueChange={setDraft}
      onValueCommitted={(next) => {
        setDraft(null);
        if (next !== null && next !== value) onCommit(next);
      }}
    >
      <Base.Group className="ui-number-field">
        <Base.Decrement className="ui-number-step" aria-label={`Less ${label.toLowerCase()}`}>
          <Minus aria-hidden="true" />
        </Base.Decrement>
        <Base.Input className="ui-number-input" aria-label={label} />
        <Base.Increment className="ui-number-step" aria-label={`More ${label.toLowerCase()}`}>
          <Plus aria-hidden="true" />
        </Base.Increment>
      </Base.Group>
    </Base.Root>
  );
}
