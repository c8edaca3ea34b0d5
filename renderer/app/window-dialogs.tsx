/** The one dialog that is open, if one is. */
import { useCallback, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Failure } from '../../protocol/bridge/failure.ts';
import { AddMachineDialog } from '../machines/add-machine-dialog.tsx';
import { RemoveMachineDialog } from '../machines/remove-machine-dialog.tsx';
import { EndSessionDialog } from '../sessions/end-session-dialog.tsx';
import { SignInDialog } from '../sign-in/sign-in-dialog.tsx';
import { accountOf } from '../state/accounts.ts';
import { useAccounts, useActiveAccount, useBridge } from '../state/context.tsx';
import type { MachineRef } from '../state/layout.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { count } from '../ui/format.ts';
import { TextField } from '../ui/text-field.tsx';
import { useTask } from '../ui/use-task.ts';
import { noDialog } from './dialogs.ts';
import { Palette } from './palette/palette.tsx';
import { useServices } from './services.tsx';

export function WindowDialogs() {
  const { dialogs, dock } = useServices();
  const dialog = useStore(dialogs);
  const account = useActiveAccount();
  const accounts = useAccounts((state) => state);
  const close = useCallback(() => dialogs.setState(noDialog, true), [dialogs]);
  const again = dialog.is === 'sign-in' ? accountOf(accounts, dialog.account) : undefined;
  return (
    <>
      {dialog.is === 'palette' && <Palette onClose={close} />}
      {dialog.is === 'sign-in' && <SignInDialog account={again} signIn={dialog.signIn} onClose={close} />}
      {account && (
        <AddMachineDialog
          account={account.account}
          open={dialog.is === 'add-machine'}
          onClose={close}
          onOpenTerminal={(ref) => dock.openTerminal(ref)}
        />
      )}
      <RemoveMachineDialog target={dialog.is === 'remove-machine' ? dialog.target : null} onClose={close} />
      {dialog.is === 'end-session' && (
        <EndSessionDialog account={dialog.account} session={dialog.session} onClose={close} />
      )}
      {dialog.is === 'rename-tab' && <RenameTab panel={dialog.panel} onClose={close} />}
      {dialog.is === 'open-many' && <OpenMany refs={dialog.refs} onClose={close} />}
      {dialog.is === 'sign-out' && <SignOut account={dialog.account} onClose={close} />}
    </>
  );
}

function RenameTab({ panel, onClose }: { readonly panel: string; readonly onClose: () => void }) {
  const { dock } = useServices();
  const params = dock.paramsOf(panel);
  const [name, setName] = useState(params?.kind === 'terminal' ? (params.name ?? '') : '');
  const field = useRef<HTMLInputElement>(null);
  const rename = () => {
    dock.rename(panel, name);
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Rename tab"
      size="sm"
      initialFocus={field}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" onClick={rename}>
            Rename
          </Button>
        </>
      }
    >
      <TextField
        ref={field}
        label="Name"
        hint="Empty: it is called after its machine and what runs there."
        maxLength={80}
        value={name}
        onChange={setName}
        onKeyDown={(event) => (event.key === 'Enter' ? rename() : undefined)}
      />
    </Dialog>
  );
}

function OpenMany({ refs, onClose }: { readonly refs: readonly MachineRef[]; readonly onClose: () => void }) {
  const { dock } = useServices();
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Open ${count(refs.length, 'terminal')}?`}
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            onClick={() => {
              for (const ref of refs) dock.openTerminal(ref);
              onClose();
            }}
          >
            Open all
          </Button>
        </>
      }
    >
      <p>Each gets a tab and a session of its own on its machine.</p>
    </Dialog>
  );
}

function SignOut({ account: id, onClose }: { readonly account: string; readonly onClose: () => void }) {
  const bridge = useBridge();
  const account = useAccounts((state) => accountOf(state, id));
  const task = useTask<Failure>();
  if (!account) return null;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Sign out ${account.username}?`}
      confirm="Sign out"
      busy={task.busy}
      failure={task.failure}
      onConfirm={() => task.run(() => bridge.call('accounts.sign-out', { account: id }), onClose)}
    >
      <p>
        This computer forgets everything of this account of {account.organization}, and its tabs close. Sessions on
        machines go on for as long as their server keeps them.
      </p>
    </ConfirmDialog>
  );
}
