/** Asks before what cannot be taken back; for the worst of it, wants the name typed. */
import { useRef, useState, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { FailureNote, type FailureNoteProps } from './failure-note.tsx';
import { TextField } from './text-field.tsx';

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly children: ReactNode;
  /** On the button: what will be done. */
  readonly confirm: string;
  readonly onConfirm: () => void;
  readonly busy?: boolean;
  readonly failure?: FailureNoteProps['failure'] | null;
  /** This has to be typed first. */
  readonly typeToConfirm?: string;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, confirm, onConfirm, busy = false, failure, typeToConfirm } = props;
  const [typed, setTyped] = useState('');
  const cancel = useRef<HTMLButtonElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const ready = typeToConfirm === undefined || typed.trim() === typeToConfirm;
  const change = (next: boolean) => {
    if (!next) setTyped('');
    onOpenChange(next);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={title}
      size="sm"
      initialFocus={typeToConfirm === undefined ? cancel : field}
      footer={
        <>
          <Button ref={cancel} onClick={() => change(false)}>
            Cancel
          </Button>
          <Button variant="danger" disabled={!ready} busy={busy} onClick={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    >
      {props.children}
      {typeToConfirm === undefined ? null : (
        <TextField
          ref={field}
          label={`Type “${typeToConfirm}” to confirm`}
          value={typed}
          onChange={setTyped}
          autoComplete="off"
          onKeyDown={(event) => {
            if (event.key === 'Enter' && ready && !busy) onConfirm();
          }}
        />
      )}
      {failure ? <FailureNote failure={failure} /> : null}
    </Dialog>
  );
}
