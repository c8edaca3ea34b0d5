/** A window in the window: it takes the focus, Escape closes it, and the focus goes back. */
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useRef, type ReactNode, type RefObject } from 'react';
import './dialog.css';
import { IconButton } from './icon-button.tsx';

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: ReactNode;
  /** Its buttons, the main one last. */
  readonly footer?: ReactNode;
  readonly size?: 'sm' | 'md' | 'lg';
  readonly initialFocus?: RefObject<HTMLElement | null>;
  /** What a click beside it does: nothing, where typing would be lost. */
  readonly keepOnOutside?: boolean;
  readonly children?: ReactNode;
}

/** Where the focus goes when nothing else is said: to what has to be filled in, else to the main button. */
const firstPlace =
  '.ui-dialog-body input:not([readonly], [disabled]), .ui-dialog-body textarea, .ui-dialog-footer > :last-child';

export function Dialog(props: DialogProps) {
  const { open, onOpenChange, title, description, footer, size = 'md', initialFocus, keepOnOutside = false } = props;
  const popup = useRef<HTMLDivElement>(null);
  const first = () => popup.current?.querySelector<HTMLElement>(firstPlace) ?? true;
  return (
    <Base.Root open={open} onOpenChange={onOpenChange} disablePointerDismissal={keepOnOutside}>
      <Base.Portal>
        <Base.Backdrop className="ui-dialog-backdrop" />
        <Base.Viewport className="ui-dialog-viewport">
          <Base.Popup ref={popup} className="ui-dialog" data-size={size} initialFocus={initialFocus ?? first}>
            <header className="ui-dialog-header">
              <Base.Title className="ui-dialog-title">{title}</Base.Title>
              <Base.Close render={<IconButton label="Close" icon={<X />} size="sm" />} />
            </header>
            <div className="ui-dialog-body">
              {description ? (
                <Base.Description className="ui-dialog-description">{description}</Base.Description>
              ) : null}
              {props.children}
            </div>
            {footer ? <footer className="ui-dialog-footer">{footer}</footer> : null}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
