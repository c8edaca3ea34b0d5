/** A program's wish to put text on the clipboard (OSC 52). Reading the clipboard is refused to programs: their query gets no answer. */

/** More than a person can look over. Characters of text. */
const MAX_WISH = 256 * 1024;

/** The text, or null where there is none to put: a query, something unreadable, or too much. */
export function clipboardWish(data: string): string | null {
  const encoded = data.slice(data.indexOf(';') + 1);
  if (encoded === '?' || encoded.length > MAX_WISH * 2) return null;
  try {
    const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text === '' || text.length > MAX_WISH ? null : text;
  } catch {
    return null;
  }
}
