/** Rows that are still coming. */
import './skeleton.css';

const widths = ['62%', '48%', '71%', '55%', '66%', '44%'];

interface SkeletonProps {
  readonly rows: number;
  /** What is being loaded, read out. */
  readonly label: string;
}

export function Skeleton({ rows, label }: SkeletonProps) {
  return (
    <output className="ui-skeleton" aria-label={label}>
      {Array.from({ length: rows }, (_, at) => (
        <span key={at} className="ui-skeleton-row" aria-hidden="true">
          <span className="ui-skeleton-dot" />
          <span className="ui-skeleton-line" style={{ width: widths[at % widths.length] }} />
        </span>
      ))}
    </output>
  );
}
