/** Making this computer a machine of an organization. */
import { useState, type FormEvent } from 'react';
import type { CallOutput } from '../../protocol/bridge/calls.ts';
import type { Account } from '../../protocol/bridge/events.ts';
import type { Failure } from '../../protocol/bridge/failure.ts';
import { useBridge } from '../state/context.tsx';
import { Button } from '../ui/button.tsx';
import { FailureNote } from '../ui/failure-note.tsx';
import { FormRow } from '../ui/page.tsx';
import { Switch } from '../ui/switch.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useTask } from '../ui/use-task.ts';

interface RegisterFormProps {
  readonly account: Account;
  readonly info: CallOutput<'app.info'>;
  /** How registering failed before. */
  readonly failure: Failure | null;
  readonly onCancel: () => void;
}

export function RegisterForm({ account, info, failure, onCancel }: RegisterFormProps) {
  const bridge = useBridge();
  const [name, setName] = useState(info.computer);
  const [user, setUser] = useState('');
  const [sudo, setSudo] = useState(false);
  const task = useTask<Failure>();
  const unnamed = name.trim() === '';
  const said = task.failure ?? failure;
  const register = (event: FormEvent) => {
    event.preventDefault();
    if (unnamed) return;
    const linuxUser = user.trim() === '' ? {} : { linux_user: user.trim() };
    task.run(() =>
      bridge.call('workstation.register', {
        account: account.account,
        name: name.trim(),
        allow_sudo: sudo,
        ...linuxUser,
      }),
    );
  };
  return (
    <form className="workstation-form" onSubmit={register} noValidate>
      <p>
        People of <strong>{account.organization}</strong> who are granted this computer can then open terminals on it.
        Until somebody is granted it, only you can.
      </p>
      {said && <FailureNote failure={said} />}
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        maxLength={100}
        error={unnamed ? 'Give it a name.' : undefined}
      />
      {info.platform === 'linux' && (
        <TextField
          label="Shell user (only where this app runs as root)"
          placeholder="As the agent runs"
          value={user}
          onChange={setUser}
          maxLength={32}
          hint="Terminals are opened as this user of the computer."
        />
      )}
      <div className="workstation-sudo">
        <FormRow
          title="Allow sudo"
          note="People whose role allows it may gain root here. Off: nobody can, whatever their role."
        >
          <Switch label="Allow sudo" checked={sudo} onChange={setSudo} />
        </FormRow>
      </div>
      <div className="workstation-buttons">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" busy={task.busy} disabled={unnamed}>
          Register this computer
        </Button>
      </div>
    </form>
  );
}
