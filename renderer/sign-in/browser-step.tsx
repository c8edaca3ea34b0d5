/** The person is in the browser; this window waits, and goes on by itself. */
import { useEffect, useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';

export function BrowserStep({ onBack }: { readonly onBack: () => void }) {
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
  return (
    <div className="sign-in-form">
      <output className="sign-in-waiting">
        <Spinner />
        <span>
          Waiting for your browser. This window goes on by itself. If no page opened there, cancel and try again.
        </span>
      </output>
      <Button ref={cancel} onClick={onBack}>
        Cancel
      </Button>
    </div>
  );
}
