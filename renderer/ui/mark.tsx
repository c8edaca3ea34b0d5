/** The mark of the app: a prompt. */
import './mark.css';

export function Mark() {
  return (
    <svg className="ui-mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect className="ui-mark-ground" width="32" height="32" rx="8" />
      <path className="ui-mark-prompt" d="M9 10.5l6 5.5-6 5.5M17.5 22H24" />
    </svg>
  );
}
