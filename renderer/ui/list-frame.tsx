/** Around every list: a skeleton while it loads, why it could not be loaded, how old it is when it is not live; else the list. */
import { ServerCrash } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { ago } from './format.ts';
import { Skeleton } from './skeleton.tsx';
import { StaleNote } from './stale-note.tsx';
import { StateView } from './state-view.tsx';

type Why = { readonly message: string } | null;
type View =
  | { readonly at: 'loading' | 'live' }
  | { readonly at: 'failed'; readonly why: Why }
  | { readonly at: 'stale'; readonly asOf: string | null; readonly why: Why };

interface ListFrameProps {
  readonly view: View;
  /** Of what is shown when it is not live: `5 min ago`. */
  readonly age: string;
  /** What is being loaded, read out. */
  readonly loading: string;
  /** The heading when it could not be. */
  readonly failed: string;
  /** What can be done about it. */
  readonly action: ReactNode;
  readonly children: ReactNode;
}

/** How old a list is that is not live; empty when it is, or nobody knows. */
export const ageOf = (view: View, now: number): string =>
  view.at === 'stale' && view.asOf !== null ? ago(view.asOf, now) : '';

export function ListFrame({ view, age, loading, failed, action, children }: ListFrameProps) {
  switch (view.at) {
    case 'live':
      return children;
    case 'loading':
      return <Skeleton rows={12} label={loading} />;
    case 'failed':
      return (
        <StateView kind="error" icon={<ServerCrash />} title={failed} action={action}>
          {view.why?.message}
        </StateView>
      );
    case 'stale':
      return (
        <>
          <StaleNote age={age} why={view.why?.message} action={action} />
          {children}
        </>
      );
  }
}

interface ListRetryProps {
  /** Given where nothing comes before somebody signs in again. */
  readonly signIn: (() => void) | undefined;
  readonly onRetry: () => void;
}

/** What can be done about a list that is not live. */
export function ListRetry({ signIn, onRetry }: ListRetryProps) {
  return (
    <Button size="sm" onClick={signIn ?? onRetry}>
      {signIn ? 'Sign in again' : 'Try again'}
    </Button>
  );
}
