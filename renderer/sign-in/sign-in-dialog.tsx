/** Signing in while the app is open: one more account, or one whose sign-in has ended. */
import { useAccounts } from '../state/context.tsx';
import type { Account } from '../../protocol/bridge/events.ts';
import { Dialog } from '../ui/dialog.tsx';
import { SignInForm } from './sign-in-form.tsx';

interface SignInDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** The account that has to sign in again; none: a further one. */
  readonly account?: Account | undefined;
}

const words = (account: Account | undefined) =>
  account
    ? {
        title: 'Sign in again',
        description: `The sign-in of ${account.username} at ${account.organization} has ended. Your tabs stay as they are.`,
      }
    : {
        title: 'Add an account',
        description: 'A further account, on this server or on another one. Nothing that is open closes.',
      };

export function SignInDialog({ open, onClose, account }: SignInDialogProps) {
  const lastAddress = useAccounts((state) => state.lastAddress);
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? undefined : onClose())}
      size="sm"
      keepOnOutside
      {...words(account)}
    >
      <SignInForm
        key={account?.account ?? 'new'}
        initialAddress={account?.address ?? lastAddress}
        {...(account ? { again: { email: account.email } } : {})}
        onSignedIn={onClose}
      />
    </Dialog>
  );
}
