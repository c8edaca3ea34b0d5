/** What stays of a window whose host is not there any more. Nothing is fetched for it: who answers at that port now is unknown. */

const sentences = {
  'desktop-ended': 'The desktop that opened this window has ended. Nothing on your machines was lost.',
  'never-launched': 'This tab was not opened by the desktop, so it may not see anything.',
} as const;
const whatToDo = 'Run webxterm-desktop to open a window, then close this one.';

export function showEnded(page: Document, why: keyof typeof sentences): void {
  const heading = page.createElement('h1');
  heading.textContent = 'WebXTerm';
  const what = page.createElement('p');
  what.textContent = sentences[why];
  const next = page.createElement('p');
  next.textContent = whatToDo;
  const message = page.createElement('main');
  message.setAttribute('role', 'alert');
  message.style.cssText =
    'max-width: 34rem; margin: 20vh auto; padding: 0 1.5rem; font: 1rem/1.5 system-ui, sans-serif;';
  message.append(heading, what, next);
  page.body.replaceChildren(message);
}
