/** Taking a machine out of the organization: its name has to be typed. */
import type { Machine } from '../../protocol/api/machines.ts';
import type { Failure } from '../../protocol/bridge/failure.ts';
import { useBridge, useMachines } from '../state/context.tsx';
import type { MachineRef } from '../state/layout.ts';
import { machineOf } from '../state/machines.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { useToasts } from '../ui/toast.tsx';
import { useTask } from '../ui/use-task.ts';

interface RemoveMachineDialogProps {
  /** Null: nothing is to be removed. */
  readonly target: MachineRef | null;
  readonly onClose: () => void;
}

export function RemoveMachineDialog({ target, onClose }: RemoveMachineDialogProps) {
  const machine = useMachines((state) => target && machineOf(state, target.account, target.agent_id));
  return machine && target && <Asking key={target.agent_id} machine={machine} target={target} onClose={onClose} />;
}

interface AskingProps {
  readonly machine: Machine;
  readonly target: MachineRef;
  readonly onClose: () => void;
}

function Asking({ machine, target, onClose }: AskingProps) {
  const bridge = useBridge();
  const toasts = useToasts();
  const task = useTask<Failure>();
  const remove = () =>
    task.run(
      () => bridge.call('machines.remove', target),
      () => {
        toasts.show({ text: `${machine.name} was removed.`, tone: 'success' });
        onClose();
      },
    );
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Remove ${machine.name}?`}
      confirm="Remove machine"
      typeToConfirm={machine.name}
      busy={task.busy}
      failure={task.failure}
      onConfirm={remove}
    >
      <p>
        Its live sessions end, and its agent can no longer connect. This cannot be taken back: to have it here again, it
        has to be added anew.
      </p>
    </ConfirmDialog>
  );
}
