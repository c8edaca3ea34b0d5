/** Going to another organization of one's sign-in: at once, or by the code that its server asks for first. */
import { useCallback } from 'react';
import { useBridge } from '../state/context.tsx';
import { useToasts } from '../ui/toast.tsx';
import { useServices } from './services.tsx';

export type SwitchTo = (account: string, tenantId: string) => void;

export function useSwitch(): SwitchTo {
  const bridge = useBridge();
  const toasts = useToasts();
  const { openDialog } = useServices();
  return useCallback<SwitchTo>(
    (account, tenantId) => {
      const go = async () => {
        const answer = await bridge.call('accounts.switch', { account, tenant_id: tenantId });
        if (!answer.ok) toasts.show({ text: answer.failure.message, tone: 'danger' });
        else if (answer.value.at !== 'signed-in')
          openDialog({ is: 'sign-in', account: null, signIn: answer.value.sign_in });
      };
      void go();
    },
    [bridge, toasts, openDialog],
  );
}
