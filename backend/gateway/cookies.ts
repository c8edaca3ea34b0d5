/** Cookies of browsers: the one a row has, read from a request, and set so that no script and no other site gets at it. */
import type { Cookie, Row } from '../../protocol/api/row.ts';

/** Null: the row has none. */
export function cookieOfRow(row: Row): Cookie | null {
  return 'cookie' in row ? (row.cookie ?? null) : null;
}

/** The value the browser sent. Null: none. */
export function readCookie({ name }: Cookie, header: string | undefined): string | null {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim());
  const found = pairs.find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? null;
}

/** The header that sets it, or, for null, makes the browser forget it. `value`: base64url, so that nothing needs quoting. */
export function cookieHeader({ name, path, maxAgeS }: Cookie, value: string | null, isHttps: boolean): string {
  const parts = [`${name}=${value ?? ''}`, `Path=${path}`, `Max-Age=${value === null ? 0 : maxAgeS}`];
  return [...parts, 'HttpOnly', 'SameSite=Lax', ...(isHttps ? ['Secure'] : [])].join('; ');
}
