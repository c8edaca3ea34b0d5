/** Shows exactly what a paste would send, before it does. */
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { LiveTerminal } from './live-terminal.ts';
import { findingsText } from './paste-findings.ts';
import { pastedText, type PasteAnswer, type PendingPaste } from './pasting.ts';
import { PreviewText } from './preview-text.tsx';

export function PasteGuard({ live }: { readonly live: LiveTerminal }) {
  const pending = useStore(live.store, (state) => state.paste);
  return pending && <Guard key={pending.text} pending={pending} live={live} />;
}

function Guard({ pending, live }: { readonly pending: PendingPaste; readonly live: LiveTerminal }) {
  const [clean, setClean] = useState(true);
  const [remember, setRemember] = useState(false);
  const paste = useRef<HTMLButtonElement>(null);
  const { found, bracketed, text } = pending;
  const form = clean ? 'clean' : 'as-is';
  const hidden = found.controls + found.invisible > 0;

  const answer = (given: PasteAnswer | null): void => {
    live.pasting.answer(given);
    live.handle.focus();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : answer(null))}
      title="Paste this?"
      description={findingsText(found, bracketed)}
      size="lg"
      initialFocus={paste}
      footer={
        <>
          <Button onClick={() => answer(null)}>Cancel</Button>
          {(found.lines > 1 || found.endsLine) && (
            <Button onClick={() => answer({ form: 'one-line', remember })}>Paste as one line</Button>
          )}
          <Button ref={paste} variant="primary" onClick={() => answer({ form, remember })}>
            Paste
          </Button>
        </>
      }
    >
      <PreviewText label="What will be pasted" text={pastedText(text, form)} />
      {hidden && !bracketed && (
        <Checkbox label="Leave out control and invisible characters" checked={clean} onChange={setClean} />
      )}
      <Checkbox label="Do not ask again for this terminal" checked={remember} onChange={setRemember} />
    </Dialog>
  );
}
