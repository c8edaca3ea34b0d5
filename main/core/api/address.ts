/** The address of a server, as a person types it and as the desktop keeps it: `https://host[:port][/path]`. */
import type { Result } from '../../../protocol/bridge/failure.ts';
import { hostOf, isLoopback } from '../network/proxy.ts';
import { fail, ok } from '../outcome.ts';

/** Without a scheme it is https, but for this computer itself. Nobody has to know that the API is below `/api`. */
export function serverAddress(typed: string): Result<string> {
  const text = typed.trim();
  const url = text.includes('://') ? parsed(text) : withScheme(text);
  if (url === null) return fail('bad-address');
  if (!['https:', 'http:'].includes(url.protocol)) return fail('bad-address', `It starts with ${url.protocol}`);
  if (url.username !== '' || url.password !== '') return fail('bad-address', 'It holds a user name or a password.');
  const path = url.pathname.replace(/\/+$/, '').replace(/\/api$/, '');
  return ok(`${url.origin}${path}`);
}

/** Whether nobody on the way can read along. */
export const isEncrypted = (address: string): boolean => new URL(address).protocol === 'https:';

/** Whether there is no way: it is this computer itself. */
export const isLocal = (address: string): boolean => isLoopback(hostOf(new URL(address)));

function withScheme(text: string): URL | null {
  const url = parsed(`https://${text}`);
  // parsed anew, for `localhost:443` is another port over http
  return url !== null && isLoopback(hostOf(url)) ? parsed(`http://${text}`) : url;
}

const parsed = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);
