/** Taking this computer out of its organization: asks first. */
import type { Failure } from '../../protocol/bridge/failure.ts';
import { useBridge } from '../state/context.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { useToasts } from '../ui/toast.tsx';
import { useTask } from '../ui/use-task.ts';

interface LeaveDialogProps {
  readonly name: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function LeaveDialog({ name, open, onClose }: LeaveDialogProps) {
  const bridge = useBridge();
  const toasts = useToasts();
  const task = useTask<Failure>();
  const leave = () =>
    task.run(
      () => bridge.call('workstation.leave', null),
      () => {
        toasts.show({ text: 'This computer is no longer a machine of the organization.', tone: 'success' });
        onClose();
      },
    );
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => (next ? undefined : onClose())}
      title={`Take ${name} out?`}
      confirm="Leave"
      busy={task.busy}
      failure={task.failure}
      onConfirm={leave}
    >
      <p>
        Sessions on this computer end, its key is forgotten, and it is removed from the organization. You can register
        it again at any time, as a new machine.
      </p>
    </ConfirmDialog>
  );
}
