/** What stands where a list would be: nothing yet, and what to do next; or what failed, and how to try again. */
import type { ReactNode } from 'react';
import './state-view.css';

interface StateViewProps {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** `error` is read out at once. */
  readonly kind?: 'empty' | 'error';
}

export function StateView({ icon, title, children, action, kind = 'empty' }: StateViewProps) {
  return (
    <div className="ui-state" data-kind={kind} role={kind === 'error' ? 'alert' : undefined}>
      {icon ? (
        <div className="ui-state-icon" aria-hidden="true">
          {icon}
        </div>
      ) : null}
      <h2 className="ui-state-title">{title}</h2>
      {children ? <div className="ui-state-text">{children}</div> : null}
      {action ? <div className="ui-state-action">{action}</div> : null}
    </div>
  );
}
