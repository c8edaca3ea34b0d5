/** Short results at the corner: one live region for all of them, F6 goes to them. Never for what needs an answer. */
import { Toast as Base } from '@base-ui/react/toast';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { createContext, use, type ReactNode } from 'react';
import './toast.css';

export interface ToastMessage {
  readonly text: string;
  readonly tone?: 'plain' | 'success' | 'danger';
  readonly timeoutMs?: number;
  /** One thing that can still be done about it, such as taking it back. */
  readonly action?: { readonly label: string; readonly onAction: () => void };
}

/** Shows toasts, from inside React or from outside of it. */
export interface Toasts {
  show(message: ToastMessage): void;
}

type Manager = ReturnType<typeof Base.createToastManager<object>>;

const icons = { plain: null, success: <CircleCheck aria-hidden="true" />, danger: <CircleAlert aria-hidden="true" /> };

export function createToasts(): { readonly toasts: Toasts; readonly manager: Manager } {
  const manager = Base.createToastManager<object>();
  const show = ({ text, tone = 'plain', timeoutMs = 5000, action }: ToastMessage) => {
    const id = manager.add({
      title: text,
      type: tone,
      timeout: timeoutMs,
      priority: tone === 'danger' ? 'high' : 'low',
      ...(action && {
        actionProps: {
          children: action.label,
          onClick: () => {
            manager.close(id);
            action.onAction();
          },
        },
      }),
    });
  };
  return { toasts: { show }, manager };
}

const ToastContext = createContext<Toasts | null>(null);

export function useToasts(): Toasts {
  const toasts = use(ToastContext);
  if (!toasts) throw new Error('useToasts outside of ToastProvider');
  return toasts;
}

function List() {
  const { toasts } = Base.useToastManager();
  return toasts.map((toast) => (
    <Base.Root key={toast.id} toast={toast} className="ui-toast" swipeDirection="right">
      <Base.Content className="ui-toast-content" data-tone={toast.type}>
        {toast.type === 'success' || toast.type === 'danger' ? icons[toast.type] : null}
        <Base.Title className="ui-toast-text" render={<p />} />
        <Base.Action className="ui-toast-action" />
        <Base.Close className="ui-toast-close" aria-label="Dismiss">
          <X aria-hidden="true" />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ));
}

interface ToastProviderProps {
  readonly toasts: Toasts;
  readonly manager: Manager;
  readonly children: ReactNode;
}

export function ToastProvider({ toasts, manager, children }: ToastProviderProps) {
  return (
    <ToastContext value={toasts}>
      <Base.Provider toastManager={manager} limit={4}>
        {children}
        <Base.Portal>
          <Base.Viewport className="ui-toast-viewport">
            <List />
          </Base.Viewport>
        </Base.Portal>
      </Base.Provider>
    </ToastContext>
  );
}
