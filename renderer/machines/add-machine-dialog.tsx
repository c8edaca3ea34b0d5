/** Adding a machine: its name, then the command that makes it reachable, then it comes online before one's eyes. */
import { useState } from 'react';
import type { CallOutput } from '../../protocol/bridge/calls.ts';
import { useMachines } from '../state/context.tsx';
import type { MachineRef } from '../state/layout.ts';
import { machineOf } from '../state/machines.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { AddMachineForm } from './add-machine-form.tsx';
import { InstallSteps } from './install-steps.tsx';

interface AddMachineDialogProps {
  readonly account: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onOpenTerminal: (ref: MachineRef) => void;
}

export type CreatedMachine = CallOutput<'machines.create'>;
const FORM = 'add-machine';

export function AddMachineDialog({ account, open, onClose, onOpenTerminal }: AddMachineDialogProps) {
  const [created, setCreated] = useState<CreatedMachine | null>(null);
  const [busy, setBusy] = useState(false);
  const status = useMachines((state) => created && machineOf(state, account, created.agent_id)?.status);
  const close = () => {
    onClose();
    setCreated(null);
  };
  const openTerminal = () => {
    if (!created) return;
    onOpenTerminal({ account, agent_id: created.agent_id });
    close();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? undefined : close())}
      title={created ? `Connect ${created.name}` : 'Add machine'}
      size={created ? 'lg' : 'md'}
      keepOnOutside
      footer={
        created ? (
          <>
            <Button onClick={close}>{status === 'online' ? 'Done' : 'Close'}</Button>
            <Button variant="primary" disabled={status !== 'online'} onClick={openTerminal}>
              Open terminal
            </Button>
          </>
        ) : (
          <>
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" type="submit" form={FORM} busy={busy}>
              Continue
            </Button>
          </>
        )
      }
    >
      {created ? (
        <InstallSteps created={created} online={status === 'online'} />
      ) : (
        <AddMachineForm id={FORM} account={account} onBusy={setBusy} onCreated={setCreated} />
      )}
    </Dialog>
  );
}
