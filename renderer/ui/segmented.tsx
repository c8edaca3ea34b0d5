/** One of two to four, all in sight. */
import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import './segmented.css';

interface SegmentedProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly onChange: (value: V) => void;
}

export function Segmented<V extends string>({ label, value, options, onChange }: SegmentedProps<V>) {
  const chosen = (values: readonly string[]) => {
    const option = options.find((each) => each.value === values[0]);
    if (option) onChange(option.value);
  };
  return (
    <ToggleGroup className="ui-segmented" aria-label={label} value={[value]} onValueChange={chosen}>
      {options.map((option) => (
        <Toggle key={option.value} value={option.value} className="ui-segmented-option">
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
