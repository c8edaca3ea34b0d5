/** Which dialog of the window is open: one at a time, whoever asked for it. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Session } from '../../protocol/api/terminals.ts';
import type { MachineRef } from '../state/layout.ts';

export type OpenDialog =
  | { readonly is: 'none' }
  | { readonly is: 'palette' }
  | { readonly is: 'add-machine' }
  | { readonly is: 'remove-machine'; readonly target: MachineRef }
  | { readonly is: 'end-session'; readonly account: string; readonly session: Session }
  /** An account that has to sign in again; none: a further one. `signIn`: one that is on its way already. */
  | { readonly is: 'sign-in'; readonly account: string | null; readonly signIn?: string }
  | { readonly is: 'sign-out'; readonly account: string }
  | { readonly is: 'rename-tab'; readonly panel: string }
  | { readonly is: 'open-many'; readonly refs: readonly MachineRef[] };

export type DialogStore = StoreApi<OpenDialog>;
export const noDialog: OpenDialog = { is: 'none' };
export const createDialogs = (): DialogStore => createStore<OpenDialog>(() => noDialog);
