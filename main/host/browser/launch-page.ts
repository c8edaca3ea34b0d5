/** The two pages of a launch: the file that posts its token, and the answer that stores the window's keys and makes way for the app. */
import { keysName, type WindowKeys } from '../../../protocol/bridge/socket.ts';
import { launchPath } from './guard.ts';

/** @param own host and port of this host */
export const launcherFile = (own: string, token: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<title>WebXTerm</title>
<form method="post" action="http://${own}${launchPath}" autocomplete="off">
<input type="hidden" name="token" value="${token}">
<button>Open WebXTerm</button>
</form>
<script>document.forms[0].submit()</script>
</html>
`;

/** Keys are base64url: nothing in them ends a string or a script. */
export const launchedPage = (keys: WindowKeys, nonce: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>WebXTerm</title>
<script nonce="${nonce}">
sessionStorage.setItem(${JSON.stringify(keysName)}, ${JSON.stringify(JSON.stringify(keys))});
location.replace('/');
</script>
</html>
`;

export const launchedPolicy = (nonce: string) =>
  `default-src 'none'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export const usedLauncherPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>WebXTerm</title>
<h1>This launcher was used already, or is older than a minute</h1>
<p>Run <code>webxterm-desktop</code> again: it opens another window of the desktop that runs.</p>
</html>
`;
