/** What the session grants: nothing, but that the person's copying reaches the clipboard. */
import { isOurPage } from './page-address.ts';

interface Asking {
  readonly requestingUrl?: string;
  readonly isMainFrame: boolean;
}
/** What is used of Electron's Session. */
export interface LockedSession {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, decide: (granted: boolean) => void, details: Asking) => void,
  ): void;
  setPermissionCheckHandler(
    handler: (contents: unknown, permission: string, origin: string, details: Asking) => boolean,
  ): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  setDisplayMediaRequestHandler(handler: (request: unknown, decide: (streams: null) => void) => void): void;
  setSpellCheckerEnabled(enabled: boolean): void;
  on(event: 'will-download', listener: (event: { preventDefault(): void }) => void): unknown;
  readonly webRequest: {
    onBeforeRequest(
      listener: (details: { readonly url: string }, decide: (response: { cancel: boolean }) => void) => void,
    ): void;
  };
}

/** Text without markup, written after a gesture of the person: what `navigator.clipboard.writeText` asks for. */
const copying = 'clipboard-sanitized-write';
/** The page, and the developer tools, which are opened by hand. */
const ownSchemes = new Set(['app:', 'devtools:']);

export function lockSession(session: LockedSession): void {
  session.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl, isMainFrame }) => {
    decide(permission === copying && isMainFrame && isOurPage(requestingUrl ?? ''));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin, { isMainFrame }) => permission === copying && isMainFrame && isOurPage(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, decide) => {
    decide(null);
  });
  // Its dictionaries would be fetched from the web.
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => {
    event.preventDefault();
  });
  // The policy of the page says so already; this holds for whatever has none.
  session.webRequest.onBeforeRequest(({ url }, decide) => {
    decide({ cancel: !ownSchemes.has(new URL(url).protocol) });
  });
}
