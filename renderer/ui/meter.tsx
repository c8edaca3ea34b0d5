/** How full something is, in percent: a bar and its number. */
import './meter.css';

interface MeterProps {
  readonly label: string;
  /** 0 to 100; null: not known. */
  readonly percent: number | null;
  /** A higher, wider one for a page about one thing. */
  readonly size?: 'sm' | 'lg';
}

const toneOf = (percent: number) => (percent >= 90 ? 'high' : percent >= 75 ? 'raised' : 'normal');

export function Meter({ label, percent, size = 'sm' }: MeterProps) {
  if (percent === null) return <span className="ui-meter-none">–</span>;
  const shown = Math.round(percent);
  return (
    <span className="ui-meter" data-size={size} data-tone={toneOf(percent)}>
      <meter className="ui-visually-hidden" aria-label={label} min={0} max={100} value={shown}>
        {shown}%
      </meter>
      <span className="ui-meter-track" aria-hidden="true">
        <span className="ui-meter-bar" style={{ width: `${Math.min(100, Math.max(0, percent))}%` }} />
      </span>
      <span className="ui-meter-value">{shown}%</span>
    </span>
  );
}
