/** A bar that says something which stays true for a while. */
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import './banner.css';

interface BannerProps {
  readonly tone: 'info' | 'warning' | 'danger';
  readonly children: ReactNode;
  /** Buttons at its end. */
  readonly action?: ReactNode;
  /** A bar across the whole width, or a box inside a page. */
  readonly shape?: 'bar' | 'box';
}

const icons = { info: Info, warning: TriangleAlert, danger: CircleAlert };

export function Banner({ tone, children, action, shape = 'box' }: BannerProps) {
  const Icon = icons[tone];
  return (
    <div className="ui-banner" data-tone={tone} data-shape={shape} role={tone === 'danger' ? 'alert' : 'status'}>
      <Icon aria-hidden="true" />
      <div className="ui-banner-text">{children}</div>
      {action ? <div className="ui-banner-action">{action}</div> : null}
    </div>
  );
}
