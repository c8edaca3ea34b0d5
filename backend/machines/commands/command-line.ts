/** A line of somebody's shell as text that both stores keep, and that can be found again. */

/** The audit is paged by its entries: one line does not fill it. */
const MOST_AUDITED = 4096;

/** PostgreSQL keeps no NUL in a text, and neither store half a character. */
export function storable(text: string): string {
  return text.replaceAll(/\0|\p{Surrogate}/gu, '\uFFFD');
}

/** What a search looks in, and for: however it was written. */
export function searchKey(text: string): string {
  return storable(text).toLowerCase();
}

export function auditedLine(command: string): string {
  return storable(command.slice(0, MOST_AUDITED));
}
