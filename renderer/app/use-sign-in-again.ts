/** Signing in to an account again: from another one here that still reaches it, without a word; else the person is asked. */
import { useCallback } from 'react';
import { accountOf } from '../state/accounts.ts';
import { useBridge, useStores } from '../state/context.tsx';
import { reachedFrom } from '../state/reach.ts';
import { useServices } from './services.tsx';

/** Null: nobody is known here any more. */
export type SignInAgain = (account: string | null) => void;

export function useSignInAgain(): SignInAgain {
  const bridge = useBridge();
  const stores = useStores();
  const { openDialog } = useServices();
  return useCallback<SignInAgain>(
    (id) => {
      const known = stores.accounts.getState();
      const account = accountOf(known, id);
      const from = account && reachedFrom(known.accounts, account);
      const go = async () => {
        const answer =
          from && (await bridge.call('accounts.switch', { account: from.account, tenant_id: account.tenant_id }));
        if (answer?.ok && answer.value.at === 'signed-in') return;
        // it asks for a code, or does not reach it any more: that is gone on with, or begun anew
        openDialog({ is: 'sign-in', account: id, ...(answer?.ok && { signIn: answer.value.sign_in }) });
      };
      void go();
    },
    [bridge, stores, openDialog],
  );
}
