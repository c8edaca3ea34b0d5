/** A dot that shows a state by colour and by shape; the word stands beside it, or is read out. */
import './status-dot.css';

export type StatusTone = 'good' | 'busy' | 'warn' | 'bad' | 'off';

interface StatusDotProps {
  readonly tone: StatusTone;
  /** The word, where none stands beside it. */
  readonly label?: string;
}

export function StatusDot({ tone, label }: StatusDotProps) {
  return (
    <span className="ui-dot" data-tone={tone} title={label}>
      {label ? <span className="ui-visually-hidden">{label}</span> : null}
    </span>
  );
}
