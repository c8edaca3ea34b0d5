/** A short name that appears beside what the pointer or the focus is on. */
import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactElement } from 'react';
import { Kbd } from './kbd.tsx';
import './tooltip.css';

interface TooltipProps {
  readonly text: string;
  readonly chord?: string;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  /** One element that can take a ref and pointer events. */
  readonly children: ReactElement;
}

export function Tooltip({ text, chord, side = 'bottom', children }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className="ui-tooltip-positioner">
          <Base.Popup className="ui-tooltip">
            {text}
            {chord ? <Kbd chord={chord} /> : null}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
