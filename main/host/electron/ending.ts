/** Quitting waits until everything that was opened is closed. */

/** What is used of Electron's app. */
interface Quitting {
  on(event: 'will-quit', listener: (event: { preventDefault(): void }) => void): unknown;
  quit(): void;
}

/** @param close is called once */
export function closeBeforeQuit(app: Quitting, close: () => Promise<void>): void {
  let state: 'open' | 'closing' | 'closed' = 'open';
  const closeThenQuit = async () => {
    await close();
    state = 'closed';
    app.quit();
  };
  app.on('will-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'open') void closeThenQuit();
    state = 'closing';
  });
}
