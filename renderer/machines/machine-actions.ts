/** What can be done with a machine; handed in by the app, which has the dock and the dialogs. */
import type { Machine } from '../../protocol/api/machines.ts';
import type { MachineRef } from '../state/layout.ts';

export interface MachineActions {
  readonly openTerminal: (ref: MachineRef) => void;
  /** Beside what is open now. */
  readonly openBeside: (ref: MachineRef) => void;
  readonly openAll: (refs: readonly MachineRef[]) => void;
  readonly openDetails: (ref: MachineRef) => void;
  readonly remove: (ref: MachineRef) => void;
  readonly add: () => void;
}

/** Whether a terminal can be opened now; a list that is not live may be wrong, so there it may be tried. */
export const canOpen = (machine: Machine, live: boolean): boolean => machine.status === 'online' || !live;
