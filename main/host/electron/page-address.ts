/** Where the window's page lives inside Electron: an origin of its own, which neither files nor the web share. */

export const pageScheme = 'app';
const host = 'webxterm';
export const pageUrl = `${pageScheme}://${host}/`;

/** Whether this is an address of the page's origin. */
export function isOurPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === `${pageScheme}:` && url.host === host && url.username === '' && url.password === '';
}
