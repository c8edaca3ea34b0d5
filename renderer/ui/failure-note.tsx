/** A failure as a sentence, with what only a support request needs folded away. */
import type { ReactNode } from 'react';
import { Banner } from './banner.tsx';
import './failure-note.css';

export interface FailureNoteProps {
  readonly failure: {
    readonly message: string;
    readonly detail?: string | undefined;
    readonly request_id?: string | undefined;
  };
  readonly action?: ReactNode;
  readonly tone?: 'warning' | 'danger';
}

export function FailureNote({ failure, action, tone = 'danger' }: FailureNoteProps) {
  const more = [failure.detail, failure.request_id && `Request ${failure.request_id}`].filter(Boolean);
  return (
    <Banner tone={tone} action={action}>
      {failure.message}
      {more.length > 0 ? (
        <details className="ui-failure-details">
          <summary>Details</summary>
          {more.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </details>
      ) : null}
    </Banner>
  );
}
