/** A small ring that turns. Says nothing by itself: what waits carries the words. */
import './spinner.css';

export function Spinner() {
  return <span className="ui-spinner" aria-hidden="true" />;
}
