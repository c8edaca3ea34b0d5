/** The frame of a page in a tab: its heading, what one can do there, and its content. */
import type { ReactNode } from 'react';
import './page.css';

interface PageProps {
  readonly title: string;
  /** Beside the heading: a count, a state. */
  readonly aside?: ReactNode;
  readonly actions?: ReactNode;
  /** `full`: a table that scrolls by itself; `column`: text and forms of a readable width. */
  readonly width?: 'full' | 'column';
  readonly children: ReactNode;
}

export function Page({ title, aside, actions, width = 'column', children }: PageProps) {
  return (
    <div className="ui-page" data-width={width}>
      <header className="ui-page-header">
        <h1 className="ui-page-title">{title}</h1>
        {aside ? <div className="ui-page-aside">{aside}</div> : null}
        {actions ? <div className="ui-page-actions">{actions}</div> : null}
      </header>
      <div className="ui-page-body">{children}</div>
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** One part of a page, under a heading of its own. */
export function Section({ title, note, actions, children }: SectionProps) {
  return (
    <section className="ui-section">
      <header className="ui-section-header">
        <h2>{title}</h2>
        {actions}
      </header>
      {note ? <p className="ui-section-note">{note}</p> : null}
      {children}
    </section>
  );
}

/** A box on a page. */
export function Card({ children }: { readonly children: ReactNode }) {
  return <div className="ui-card">{children}</div>;
}

interface RowProps {
  readonly title: string;
  readonly note?: ReactNode;
  /** What changes it. */
  readonly children: ReactNode;
}

/** One line of a form in a card: what it is at the left, what changes it at the right. */
export function FormRow({ title, note, children }: RowProps) {
  return (
    <div className="ui-form-row">
      <div className="ui-form-row-text">
        <div className="ui-form-row-title">{title}</div>
        {note ? <div className="ui-form-row-note">{note}</div> : null}
      </div>
      <div className="ui-form-row-control">{children}</div>
    </div>
  );
}

/** Names and their values. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="ui-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
