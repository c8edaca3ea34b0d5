/** Which links a host opens outside: a page or a mail, never a program or a file. */
const schemes = new Set(['http:', 'https:', 'mailto:']);

/** @returns the link as it is opened; null for one that is not */
export function outsideLink(link: string): string | null {
  if (!URL.canParse(link)) return null;
  const url = new URL(link);
  return schemes.has(url.protocol) ? url.href : null;
}
