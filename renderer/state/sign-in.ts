/** The sign-in on its way, or how the last one ended: null when there was none, or nobody cares any more. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import type { SignIn } from '../../protocol/bridge/sign-in.ts';
import { follow } from './follow.ts';

export interface SigningIn {
  readonly signIn: SignIn | null;
}
export type SignInStore = StoreApi<SigningIn>;
const initial: SigningIn = { signIn: null };

export function createSignInStore(bridge: Pick<Bridge, 'on'>, signal: AbortSignal): SignInStore {
  const store = createStore(() => initial);
  follow(bridge, 'sign-in.changed', signal, (signIn) => store.setState({ signIn }));
  return store;
}
