/** Copies a text, and says that it did. */
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button.tsx';
import { IconButton } from './icon-button.tsx';

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for its name: `Copy command`. */
  readonly label: string;
  /** With words on it, for what is the next thing to do. */
  readonly shape?: 'icon' | 'words';
}

type Outcome = 'idle' | 'copied' | 'refused';
const SHOWN_MS = 2000;

const names = (label: string) => ({ idle: label, copied: 'Copied', refused: 'Copying is not allowed here' });

export function CopyButton({ text, label, shape = 'icon' }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<Outcome>('idle');
  useEffect(() => {
    if (outcome === 'idle') return undefined;
    const timer = setTimeout(() => setOutcome('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    );
  };
  const icon = outcome === 'copied' ? <Check /> : <Copy />;
  const name = names(label)[outcome];
  return (
    <>
      {shape === 'icon' ? (
        <IconButton label={name} icon={icon} size="sm" onClick={copy} />
      ) : (
        <Button size="sm" icon={icon} onClick={copy}>
          {name}
        </Button>
      )}
      <output className="ui-visually-hidden">{outcome === 'idle' ? '' : name}</output>
    </>
  );
}
