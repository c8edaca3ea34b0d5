/** The whole window while nobody is signed in. */
import { useAccounts, useSignIn } from '../state/context.tsx';
import { Mark } from '../ui/mark.tsx';
import { SignInSteps } from './sign-in-steps.tsx';
import { wordsOf } from './sign-in-words.ts';

const first = { title: 'Sign in to WebXTerm', description: 'Terminals on the machines of your organization.' };

/** A sign-in that is on its way goes on here, also in a window that was just opened. */
export function SignInPage() {
  const lastAddress = useAccounts((state) => state.lastAddress);
  const step = useSignIn((state) => state.signIn);
  const { title, description } = wordsOf(step, first);
  return (
    <main className="sign-in-page">
      <div className="sign-in-card">
        <header className="sign-in-header">
          <Mark />
          <h1>{title}</h1>
          <p>{description}</p>
        </header>
        <SignInSteps step={step} initialAddress={lastAddress} onBegun={() => undefined} />
      </div>
    </main>
  );
}
