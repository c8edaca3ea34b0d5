/** One of a few, chosen from a list that opens. */
import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import './select.css';

interface SelectProps<V extends string> {
  /** Read by screen readers; what it is stands beside it. */
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly onChange: (value: V) => void;
  readonly disabled?: boolean;
}

export function Select<V extends string>({ label, value, options, onChange, disabled = false }: SelectProps<V>) {
  return (
    <Base.Root
      value={value}
      items={options}
      disabled={disabled}
      modal={false}
      onValueChange={(next) => (next === null ? undefined : onChange(next))}
    >
      <Base.Trigger className="ui-select" aria-label={label}>
        <Base.Value />
        <ChevronsUpDown aria-hidden="true" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner alignItemWithTrigger={false} sideOffset={4} className="ui-menu-positioner">
          <Base.Popup className="ui-menu ui-select-popup">
            <Base.List>
              {options.map((option) => (
                <Base.Item key={option.value} value={option.value} className="ui-menu-item">
                  <span className="ui-menu-icon">
                    <Base.ItemIndicator>
                      <Check />
                    </Base.ItemIndicator>
                  </span>
                  <Base.ItemText>{option.label}</Base.ItemText>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
