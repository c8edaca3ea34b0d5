/** Server, email, password: and for each way it can fail, the sentence in its place. */
import { useState, type FormEvent } from 'react';
import type { Failure } from '../../protocol/bridge/failure.ts';
import { useBridge } from '../state/context.tsx';
import { Button } from '../ui/button.tsx';
import { FailureNote } from '../ui/failure-note.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useTask } from '../ui/use-task.ts';
import { AddressField } from './address-field.tsx';
import { placeOf, type Place } from './failure-place.ts';
import { PasswordField } from './password-field.tsx';
import './sign-in.css';
import { useWait } from './use-wait.ts';

interface SignInFormProps {
  readonly initialAddress: string;
  /** An account that has to type its password again: server and email stay as they are. */
  readonly again?: { readonly email: string };
  readonly onSignedIn: () => void;
}

/** The failure in the place where it is said. A form without an address says what is wrong with the server above its fields. */
function sentences(failure: Failure | null, withAddress: boolean): Partial<Record<Place, Failure>> {
  if (!failure) return {};
  const place = placeOf(failure.code);
  return { [place === 'address' && !withAddress ? 'form' : place]: failure };
}

const clock = (seconds: number) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

export function SignInForm({ initialAddress, again, onSignedIn }: SignInFormProps) {
  const bridge = useBridge();
  const [address, setAddress] = useState(initialAddress);
  const [email, setEmail] = useState(again?.email ?? '');
  const [password, setPassword] = useState('');
  const task = useTask<Failure>();
  const waitS = useWait(task.failure);
  const said = sentences(task.failure, !again);
  const given = { address: address.trim(), email: email.trim(), password };
  const notReady = waitS > 0 || Object.values(given).includes('');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!notReady) task.run(() => bridge.call('accounts.sign-in', given), onSignedIn);
  };
  /** What was wrong may be right now: it is not said of what somebody is typing. */
  const typing = (change: (value: string) => void) => (value: string) => {
    if (task.failure && waitS === 0) task.reset();
    change(value);
  };

  return (
    <form className="sign-in-form" onSubmit={submit} noValidate>
      {said.form && <FailureNote failure={said.form} tone={waitS > 0 ? 'warning' : 'danger'} />}
      {!again && <AddressField value={address} onChange={typing(setAddress)} failure={said.address} />}
      <TextField
        label="Email"
        type="email"
        autoComplete="username"
        value={email}
        onChange={typing(setEmail)}
        readOnly={again !== undefined}
      />
      <PasswordField value={password} onChange={typing(setPassword)} error={said.password?.message} />
      <Button type="submit" variant="primary" busy={task.busy} disabled={notReady}>
        {waitS > 0 ? `Try again in ${clock(waitS)}` : 'Sign in'}
      </Button>
    </form>
  );
}
