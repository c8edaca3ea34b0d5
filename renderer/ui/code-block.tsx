/** Text to be run or pasted elsewhere, exact, with a button that copies it. */
import './code-block.css';
import { CopyButton } from './copy-button.tsx';

interface CodeBlockProps {
  readonly text: string;
  /** What it is: `Copy command` copies it. */
  readonly what: string;
}

export function CodeBlock({ text, what }: CodeBlockProps) {
  return (
    <div className="ui-code">
      <pre>
        <code aria-label={what}>
          {text.split(/(\s+)/).map((word, at) => (
            // The same word may come twice; its place is what it is known by.
            <span key={`${at}-${word}`} className="ui-code-word">
              {word}
            </span>
          ))}
        </code>
      </pre>
      <CopyButton text={text} label={`Copy ${what.toLowerCase()}`} />
    </div>
  );
}
