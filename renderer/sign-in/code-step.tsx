/** The code from the mail: typed or pasted, sent again, and each way it can be refused. */
import { useEffect, useRef, type FormEvent } from 'react';
import type { SignIn } from '../../protocol/bridge/sign-in.ts';
import { useTime } from '../state/context.tsx';
import { Button, type ButtonProps } from '../ui/button.tsx';
import { CodeField } from '../ui/code-field.tsx';
import { FailureNote } from '../ui/failure-note.tsx';
import { clock, secondsLeft, secondsUntil } from './sign-in-words.ts';
import { DIGITS, useCodeEntry } from './use-code-entry.ts';

interface CodeStepProps {
  readonly step: Extract<SignIn, { readonly at: 'code' }>;
  readonly onBack: () => void;
}

export function CodeStep({ step, onBack }: CodeStepProps) {
  const first = useRef<HTMLInputElement>(null);
  const entry = useCodeEntry(step, () => first.current?.focus());
  const goodForS = useTime((now) => secondsLeft(Date.parse(step.expires_at), now));
  const resendS = useTime((now) => secondsUntil(Date.parse(step.resend_at), now));
  useEffect(() => first.current?.focus(), []);

  const { code, waitS, failure } = entry;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    entry.look(code);
  };
  const again = { waitS: resendS, busy: entry.sending, onClick: entry.resend };
  return (
    <form className="sign-in-form" onSubmit={submit} noValidate>
      {failure && <FailureNote failure={failure} tone={failure.code === 'slow-down' ? 'warning' : 'danger'} />}
      <CodeField
        ref={first}
        label={`Code for ${step.organization === '' ? 'your account' : step.organization}`}
        length={DIGITS}
        value={code}
        onChange={entry.type}
        onComplete={entry.look}
        aside={step.used_up ? '' : `Good for ${clock(goodForS)}`}
        disabled={step.used_up}
        busy={entry.busy}
        error={entry.wrong}
        hint={entry.sent ? 'Another code was sent. The one before is no longer good.' : undefined}
      />
      {step.used_up ? (
        <SendAgain variant="primary" {...again} />
      ) : (
        <Button type="submit" variant="primary" busy={entry.busy} disabled={waitS > 0 || code.length < DIGITS}>
          {waitS > 0 ? `Try again in ${clock(waitS)}` : 'Sign in'}
        </Button>
      )}
      <div className="sign-in-foot">
        <Button variant="ghost" size="sm" onClick={onBack}>
          Back
        </Button>
        {!step.used_up && <SendAgain variant="ghost" size="sm" {...again} />}
      </div>
    </form>
  );
}

function SendAgain({ waitS, ...button }: Omit<ButtonProps, 'children'> & { readonly waitS: number }) {
  return (
    <Button {...button} disabled={waitS > 0}>
      {waitS > 0 ? `Send a new code in ${clock(waitS)}` : 'Send a new code'}
    </Button>
  );
}
