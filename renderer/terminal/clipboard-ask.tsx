/** A program wants to put text on the clipboard: the person sees it and decides. */
import { Button } from '../ui/button.tsx';
import type { LiveTerminal } from './live-terminal.ts';
import { PreviewText } from './preview-text.tsx';

interface ClipboardAskProps {
  readonly live: LiveTerminal;
  readonly text: string;
}

export function ClipboardAsk({ live, text }: ClipboardAskProps) {
  const answer = (given: Parameters<LiveTerminal['answerClipboard']>[0]) => () => {
    live.answerClipboard(given);
    live.handle.focus();
  };
  return (
    <div className="terminal-ask" role="alertdialog" aria-label="A program wants to copy text">
      <p>A program in this terminal wants to put this on your clipboard:</p>
      <PreviewText label="The text" text={text} />
      <div className="terminal-ask-actions">
        <Button size="sm" variant="ghost" onClick={answer('no')}>
          Do not allow
        </Button>
        <Button size="sm" onClick={answer('always')}>
          Always in this terminal
        </Button>
        <Button size="sm" variant="primary" onClick={answer('once')}>
          Copy
        </Button>
      </div>
    </div>
  );
}
