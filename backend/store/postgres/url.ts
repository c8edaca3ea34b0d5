/** `DATABASE_URL` as an operator writes it: checked, and told without its password. */
import { z } from 'zod';

/** Of the ways to say "with TLS" all verify the server's certificate, but the one whose name says that it does not. */
const sslModes: Readonly<Record<string, string>> = {
  disable: 'disable',
  require: 'verify-full',
  'verify-ca': 'verify-full',
  'verify-full': 'verify-full',
  'no-verify': 'no-verify',
};

const FORM = 'must be an address such as postgres://name:password@host:5432/database?sslmode=verify-full';

export const databaseUrl = z
  .url({ protocol: /^postgres(ql)?$/, hostname: /.*/, error: FORM })
  .transform((text) => new URL(text))
  .refine((url) => url.pathname.length > 1, 'must name a database after the host, such as /webxterm')
  .refine(
    (url) => Object.hasOwn(sslModes, url.searchParams.get('sslmode') ?? 'disable'),
    `must have one of these as sslmode: ${Object.keys(sslModes).join(', ')}`,
  )
  .transform((url) => {
    const mode = sslModes[url.searchParams.get('sslmode') ?? ''];
    if (mode !== undefined) url.searchParams.set('sslmode', mode);
    return url.href;
  });

/** Where it is, for logs and sentences. */
export function withoutPassword(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url);
  const host = hostname || (searchParams.get('host') ?? 'localhost');
  return `${decodeURIComponent(pathname.slice(1))} on ${decodeURIComponent(host)}${port && `:${port}`}`;
}
