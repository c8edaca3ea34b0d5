/** Signing in while the app is open: one more account, one whose sign-in has ended, or on from one that is here. */
import { useEffect, useState } from 'react';
import type { Account } from '../../protocol/bridge/events.ts';
import { useAccounts, useBridge, useSignIn } from '../state/context.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SignInSteps } from './sign-in-steps.tsx';
import { wordsOf, type Words } from './sign-in-words.ts';

interface SignInDialogProps {
  readonly onClose: () => void;
  /** The account that has to sign in again; none: a further one. */
  readonly account?: Account | undefined;
  /** A sign-in that is on its way already. */
  readonly signIn?: string | undefined;
}

const firstWords = (account: Account | undefined): Words =>
  account
    ? {
        title: 'Sign in again',
        description: `The sign-in of ${account.username} at ${account.organization} has ended. Your tabs stay as they are.`,
      }
    : {
        title: 'Add an account',
        description: 'A further account, on this server or on another one. Nothing that is open closes.',
      };

export function SignInDialog({ onClose, account, signIn }: SignInDialogProps) {
  const bridge = useBridge();
  const lastAddress = useAccounts((state) => state.lastAddress);
  const [mine, setMine] = useState(signIn ?? null);
  const told = useSignIn((state) => state.signIn);
  const step = told?.sign_in === mine ? told : null;
  const isDone = step?.at === 'signed-in';
  useEffect(() => {
    if (isDone) onClose();
  }, [isDone, onClose]);
  const leave = () => {
    // also the one whose first answer is still to come
    void bridge.call('sign-in.cancel', { sign_in: step?.sign_in ?? null });
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => (next ? undefined : leave())}
      size="sm"
      keepOnOutside
      {...wordsOf(step, firstWords(account))}
    >
      <SignInSteps
        step={step}
        initialAddress={account?.address ?? lastAddress}
        again={account && { account: account.account, email: account.email }}
        onBegun={({ sign_in }) => setMine(sign_in)}
        onBack={signIn === undefined ? undefined : onClose}
      />
    </Dialog>
  );
}
