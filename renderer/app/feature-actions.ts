/** What the app does when a feature asks for it: a feature knows neither the dock nor the dialogs. */
import { useMemo } from 'react';
import type { MachineActions } from '../machines/machine-actions.ts';
import type { SessionActions } from '../sessions/session-actions.ts';
import { useServices } from './services.tsx';

/** More at once is asked about first. */
const MANY = 8;

export function useMachineActions(): MachineActions {
  const { dock, openDialog } = useServices();
  return useMemo(
    () => ({
      openTerminal: (ref) => dock.openTerminal(ref),
      openBeside: (ref) => dock.openTerminal(ref, 'right'),
      openAll(refs) {
        if (refs.length > MANY) openDialog({ is: 'open-many', refs });
        else for (const ref of refs) dock.openTerminal(ref);
      },
      openDetails: (ref) => dock.openMachine(ref),
      remove: (target) => openDialog({ is: 'remove-machine', target }),
      add: () => openDialog({ is: 'add-machine' }),
    }),
    [dock, openDialog],
  );
}

export function useSessionActions(): SessionActions {
  const { dock, openDialog } = useServices();
  return useMemo(
    () => ({
      open: (account, session) => dock.openSession(account, session),
      end: (account, session) => openDialog({ is: 'end-session', account, session }),
      openMachines: () => dock.openPage('machines'),
    }),
    [dock, openDialog],
  );
}
