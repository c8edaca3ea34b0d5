/** Every web contents, however it came to be: stays on the page, opens no window, holds no webview. */
import { isOurPage } from './page-address.ts';

interface Preventable {
  preventDefault(): void;
}
/** What is used of Electron's WebContents. */
export interface Contents {
  on(
    event: 'will-navigate' | 'will-redirect',
    listener: (event: Preventable & { readonly url: string }) => void,
  ): unknown;
  on(
    event: 'will-frame-navigate',
    listener: (event: Preventable & { readonly isMainFrame: boolean; readonly url: string }) => void,
  ): unknown;
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown;
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
}
interface ContentsMaker {
  on(event: 'web-contents-created', listener: (event: unknown, contents: Contents) => void): unknown;
}

export function lockContents(app: ContentsMaker): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', stay);
    contents.on('will-redirect', stay);
    // The page has no frames: none may go anywhere.
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
    });
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

function stay(event: Preventable & { readonly url: string }): void {
  if (!isOurPage(event.url)) event.preventDefault();
}
