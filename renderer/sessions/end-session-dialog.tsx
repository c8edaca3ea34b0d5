/** Ending a session that may be in use: asks first. */
import type { Session } from '../../protocol/api/terminals.ts';
import type { Failure } from '../../protocol/bridge/failure.ts';
import { useBridge } from '../state/context.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { useToasts } from '../ui/toast.tsx';
import { useTask } from '../ui/use-task.ts';

interface EndSessionDialogProps {
  readonly account: string;
  readonly session: Session;
  readonly onClose: () => void;
}

export function EndSessionDialog({ account, session, onClose }: EndSessionDialogProps) {
  const bridge = useBridge();
  const toasts = useToasts();
  const task = useTask<Failure>();
  const end = () =>
    task.run(
      () => bridge.call('sessions.end', { account, session_id: session.session_id }),
      () => {
        toasts.show({ text: `The session on ${session.machine_name} was ended.`, tone: 'success' });
        onClose();
      },
    );
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="End this session?"
      confirm="End session"
      busy={task.busy}
      failure={task.failure}
      onConfirm={end}
    >
      <p>
        {session.username} is on <strong>{session.machine_name}</strong>. Everything that runs in the session stops, and
        what is not saved there is lost.
      </p>
    </ConfirmDialog>
  );
}
