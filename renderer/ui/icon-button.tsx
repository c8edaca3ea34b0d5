/** A button that is an icon; its name is a tooltip and what a screen reader says. */
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import './icon-button.css';
import { Tooltip } from './tooltip.tsx';

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label' | 'children'> {
  readonly label: string;
  readonly icon: ReactNode;
  /** The shortcut of the same action, shown with its name. */
  readonly chord?: string;
  /** For a button that stays pressed. */
  readonly pressed?: boolean;
  readonly size?: 'md' | 'sm';
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ label, icon, chord, pressed, size = 'md', side = 'bottom', ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} side={side} {...(chord ? { chord } : {})}>
      <button
        type="button"
        {...rest}
        className={['ui-icon-button', rest.className].filter(Boolean).join(' ')}
        aria-label={label}
        aria-pressed={pressed}
        data-size={size}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
