/** The whole window while nobody is signed in. */
import { useAccounts } from '../state/context.tsx';
import { Mark } from '../ui/mark.tsx';
import { SignInForm } from './sign-in-form.tsx';
import './sign-in.css';

export function SignInPage() {
  const lastAddress = useAccounts((state) => state.lastAddress);
  return (
    <main className="sign-in-page">
      <div className="sign-in-card">
        <header className="sign-in-header">
          <Mark />
          <h1>Sign in to WebXTerm</h1>
          <p>Terminals on the machines of your organization.</p>
        </header>
        <SignInForm initialAddress={lastAddress} onSignedIn={() => undefined} />
      </div>
    </main>
  );
}
