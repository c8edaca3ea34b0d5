/** What may be stored as it is. Both engines refuse the rest alike, instead of storing something else without a word. */

export type Bindable = string | number | bigint | Uint8Array | null;

/** SQLite would take a Date, an object, NaN or undefined for NULL, and PostgreSQL has no text with a NUL in it. */
export function bindable(value: unknown): Bindable {
  if (typeof value === 'string' && !value.includes('\0')) return value;
  if (value === null || typeof value === 'bigint' || value instanceof Uint8Array) return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TypeError(`a ${nameOf(value)} cannot be stored as it is`);
}

function nameOf(value: unknown): string {
  if (value instanceof Date) return 'Date';
  return typeof value === 'string' ? 'text with a NUL in it' : typeof value;
}
