/** A slim bar in the half of the screen the cursor is not in: how the terminal stands, and what can be done. The screen stays. */
import { useState } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { TerminalState } from '../../protocol/bridge/events.ts';
import { useNow } from '../state/context.tsx';
import { Button } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { barFor, type Bar, type BarAction } from './bar.ts';
import { durationText } from './durations.ts';
import type { LiveTerminal } from './live-terminal.ts';

interface StateBarProps {
  readonly live: LiveTerminal;
  readonly state: TerminalState;
  readonly onAction: (action: BarAction) => void;
}

export function StateBar({ live, state, onAction }: StateBarProps) {
  const around = useStore(
    live.store,
    useShallow(({ port, mode, kept, discarded }) => ({ port, mode, kept, discarded })),
  );
  const bar = barFor(state, around);
  const shown = bar && <OneBar key={bar.kind} bar={bar} live={live} onAction={onAction} />;
  // Both are there before their text is, or screen readers would not hear it.
  return (
    <>
      <output className="terminal-status">{bar?.tone === 'danger' ? null : shown}</output>
      <div role="alert">{bar?.tone === 'danger' ? shown : null}</div>
    </>
  );
}

interface OneBarProps {
  readonly bar: Bar;
  readonly live: LiveTerminal;
  readonly onAction: (action: BarAction) => void;
}

function OneBar({ bar, live, onAction }: OneBarProps) {
  // Where it was when the bar came: it must not jump about while a program moves the cursor.
  const [place] = useState(() => (live.isCursorAbove() ? 'below' : 'above'));
  const refusedKeys = useStore(live.store, (state) => state.refusedKeys);
  return (
    <div className="terminal-bar" data-tone={bar.tone} data-kind={bar.kind} data-place={place}>
      {/* A key nobody takes makes the bar that says why stand out for a moment. */}
      {refusedKeys > 0 && <span key={refusedKeys} className="terminal-bar-nudge" aria-hidden="true" />}
      {bar.busy === true && <Spinner />}
      <div className="terminal-bar-text">
        <p>
          {bar.text} {bar.nextTryAt !== undefined && <NextTry at={bar.nextTryAt} />}
        </p>
        {bar.why !== undefined && <p className="terminal-hint">{bar.why}</p>}
        {bar.typed !== undefined && (
          <p className="terminal-bar-typed">
            Typed: <code>{bar.typed}</code>
          </p>
        )}
        {bar.detail !== undefined && (
          <details>
            <summary>Details</summary>
            <pre>{bar.detail}</pre>
          </details>
        )}
      </div>
      <div className="terminal-bar-actions">
        {bar.actions.map((action, index) => (
          <Button
            key={action.label}
            size="sm"
            variant={index === 0 ? 'secondary' : 'ghost'}
            onClick={() => onAction(action)}
          >
            {action.label}
          </Button>
        ))}
      </div>
    </div>
  );
}

/** Counts down; not read aloud each second. */
function NextTry({ at }: { readonly at: string }) {
  // The clock of the window goes in whole seconds and is half of one behind.
  const left = Date.parse(at) - useNow(1000) - 500;
  return <span aria-hidden="true">{left > 0 ? `Next try in ${durationText(left)}.` : 'Trying now.'}</span>;
}
