/** Server, email, password, or another way in: and for each way it can fail, the sentence in its place. */
import { useState, type FormEvent } from 'react';
import type { Provider } from '../../protocol/api/values.ts';
import type { Failure } from '../../protocol/bridge/failure.ts';
import type { SignIn } from '../../protocol/bridge/sign-in.ts';
import { useBridge } from '../state/context.tsx';
import { Button } from '../ui/button.tsx';
import { FailureNote } from '../ui/failure-note.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useTask } from '../ui/use-task.ts';
import { AddressField } from './address-field.tsx';
import { placeOf, type Place } from './failure-place.ts';
import { PasswordField } from './password-field.tsx';
import { ProviderButtons } from './provider-buttons.tsx';
import { clock } from './sign-in-words.ts';
import { useServerCheck } from './use-server-check.ts';
import { useWait } from './use-wait.ts';

/** An account that is here already: its server and email stay as they are. */
export interface Again {
  readonly account: string;
  readonly email: string;
}
/** Kept while one goes on, and for whoever comes back. The password is not. */
export interface Typed {
  readonly address: string;
  readonly email: string;
}
interface SignInFormProps {
  readonly typed: Typed;
  readonly again?: Again | undefined;
  /** Why the sign-in before this ended. */
  readonly ended: Failure | null;
  readonly onBegun: (signIn: SignIn) => void;
  readonly onTyping: (typed: Typed) => void;
}

/** The failure in the place where it is said. A form without an address says what is wrong with the server above its fields. */
function sentences(failure: Failure | null, withAddress: boolean): Partial<Record<Place, Failure>> {
  if (!failure) return {};
  const place = placeOf(failure.code);
  return { [place === 'address' && !withAddress ? 'form' : place]: failure };
}

export function SignInForm({ typed, again, ended, onBegun, onTyping }: SignInFormProps) {
  const bridge = useBridge();
  const { address, email } = typed;
  const [password, setPassword] = useState('');
  const check = useServerCheck(address);
  const task = useTask<Failure>();
  const waitS = useWait(task.failure);
  const said = sentences(task.failure ?? ended, !again);
  const at = { address: address.trim(), ...(again && { again: again.account }) };
  const given = { ...at, email: email.trim(), password };
  const notReady = waitS > 0 || Object.values(given).includes('');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!notReady) task.run(() => bridge.call('accounts.sign-in', given), onBegun);
  };
  const signInBy = (provider: Provider) =>
    task.run(() => bridge.call('accounts.sign-in-by', { ...at, provider }), onBegun);
  /** What was wrong may be right now: it is not said of what somebody is typing. */
  const typing = (change: Partial<Typed>) => {
    if (task.failure && waitS === 0) task.reset();
    onTyping({ ...typed, ...change });
  };
  const typingPassword = (value: string) => {
    setPassword(value);
    typing({});
  };

  return (
    <form className="sign-in-form" onSubmit={submit} noValidate>
      {said.form && <FailureNote failure={said.form} tone={waitS > 0 ? 'warning' : 'danger'} />}
      {!again && (
        <AddressField
          value={address}
          onChange={(value) => typing({ address: value })}
          check={check}
          failure={said.address}
        />
      )}
      <TextField
        label="Email"
        type="email"
        autoComplete="username"
        value={email}
        onChange={(value) => typing({ email: value })}
        readOnly={again !== undefined}
      />
      <PasswordField value={password} onChange={typingPassword} error={said.password?.message} />
      <Button type="submit" variant="primary" busy={task.busy} disabled={notReady}>
        {waitS > 0 ? `Try again in ${clock(waitS)}` : 'Sign in'}
      </Button>
      <ProviderButtons
        providers={check.at === 'found' ? check.server.providers : []}
        disabled={task.busy}
        onChoose={signInBy}
      />
    </form>
  );
}
