/** What is asked for now: the password or another way in, the browser, the organization, the code. */
import { useState } from 'react';
import type { SignIn } from '../../protocol/bridge/sign-in.ts';
import { useBridge } from '../state/context.tsx';
import { BrowserStep } from './browser-step.tsx';
import { CodeStep } from './code-step.tsx';
import { OrganizationStep } from './organization-step.tsx';
import { SignInForm, type Again, type Typed } from './sign-in-form.tsx';
import './sign-in.css';

interface SignInStepsProps {
  readonly step: SignIn | null;
  readonly initialAddress: string;
  /** An account that has to sign in again. */
  readonly again?: Again | undefined;
  readonly onBegun: (signIn: SignIn) => void;
  /** After one went back; none: the form is there again. */
  readonly onBack?: (() => void) | undefined;
}

export function SignInSteps({ step, initialAddress, again, onBegun, onBack }: SignInStepsProps) {
  const bridge = useBridge();
  const [typed, setTyped] = useState<Typed>({ address: initialAddress, email: again?.email ?? '' });
  const cancel = () => (step ? void bridge.call('sign-in.cancel', { sign_in: step.sign_in }) : undefined);
  const back = () => {
    cancel();
    onBack?.();
  };
  /** Why the last one ended is not said of what somebody is typing. */
  const typing = (next: Typed) => {
    setTyped(next);
    if (step?.at === 'over') cancel();
  };
  switch (step?.at) {
    case 'browser':
      return <BrowserStep onBack={back} />;
    case 'organization':
      return <OrganizationStep step={step} onBack={back} />;
    case 'code':
      return <CodeStep key={step.sign_in} step={step} onBack={back} />;
    case 'signed-in':
    case 'over':
    case undefined:
      return (
        <SignInForm
          typed={typed}
          again={again}
          ended={step?.at === 'over' ? step.failure : null}
          onBegun={onBegun}
          onTyping={typing}
        />
      );
  }
}
