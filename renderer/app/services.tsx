/** What the parts of the app that draw are handed beside the stores: the dock, the dialogs, the actions. */
import { createContext, use, type ReactNode } from 'react';
import type { Platform } from '../ui/chord.ts';
import type { ActionId } from './actions/catalogue.ts';
import type { DialogStore, OpenDialog } from './dialogs.ts';
import type { Dock } from './dock/dock.ts';
import type { SettingsTarget } from './settings-target.ts';

export interface Services {
  readonly dock: Dock;
  readonly dialogs: DialogStore;
  readonly settingsTarget: SettingsTarget;
  readonly platform: Platform;
  readonly perform: (action: ActionId) => void;
  /** Whether an action would do something now. */
  readonly can: (action: ActionId) => boolean;
  readonly openDialog: (dialog: OpenDialog) => void;
}

const ServicesContext = createContext<Services | null>(null);

export function ServicesProvider({
  services,
  children,
}: {
  readonly services: Services;
  readonly children: ReactNode;
}) {
  return <ServicesContext value={services}>{children}</ServicesContext>;
}

export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error('outside of ServicesProvider');
  return services;
}
