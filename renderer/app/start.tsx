/** Composes the window on a bridge, and draws it. */
import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { createRef } from 'react';
import { createRoot } from 'react-dom/client';
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import { StateProvider } from '../state/context.tsx';
import { createStores } from '../state/stores.ts';
import type { Platform } from '../ui/chord.ts';
import { createToasts, ToastProvider } from '../ui/toast.tsx';
import { createPerformer } from './actions/performer.ts';
import { createDialogs } from './dialogs.ts';
import { createDock } from './dock/dock.ts';
import { Root } from './root.tsx';
import { ServicesProvider, type Services } from './services.tsx';
import { createSettingsTarget } from './settings-target.ts';
import { shownTheme } from './theme.ts';

interface Window {
  readonly bridge: Bridge;
  readonly element: HTMLElement;
  readonly platform: Platform;
  readonly nonce: string;
  readonly now: () => number;
}

const TOOLTIP_AFTER_MS = 500;

/** Ends with the signal: what was not saved is saved, and nothing listens any more. */
export function startWindow({ bridge, element, platform, nonce, now }: Window, signal: AbortSignal): void {
  const stores = createStores(bridge, now, signal);
  const { toasts, manager } = createToasts();
  const dialogs = createDialogs();
  const dock = createDock({ bridge, stores, toasts, now });
  const filterRef = createRef<HTMLInputElement>();
  const performer = createPerformer({
    bridge,
    stores,
    dock,
    dialogs,
    // The list may be drawn only now.
    focusFilter: () => requestAnimationFrame(() => filterRef.current?.focus()),
    shownTheme: () => shownTheme(stores.settings.getState().settings.appearance.theme),
  });
  const services: Services = {
    dock,
    dialogs,
    platform,
    settingsTarget: createSettingsTarget(),
    perform: (action) => performer.perform(action),
    can: (action) => performer.can(action),
    openDialog: (dialog) => dialogs.setState(dialog, true),
  };
  const root = createRoot(element);
  root.render(
    <CSPProvider nonce={nonce} disableStyleElements>
      <StateProvider bridge={bridge} stores={stores}>
        <ToastProvider toasts={toasts} manager={manager}>
          <Tooltip.Provider delay={TOOLTIP_AFTER_MS}>
            <ServicesProvider services={services}>
              <Root performer={performer} filterRef={filterRef} />
            </ServicesProvider>
          </Tooltip.Provider>
        </ToastProvider>
      </StateProvider>
    </CSPProvider>,
  );
  window.addEventListener('pagehide', () => stores.layout.flush(), { signal });
  signal.addEventListener('abort', () => root.unmount(), { once: true });
}
