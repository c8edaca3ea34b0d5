/** The window's page as both hosts hand it out: a nonce of its own each time, and the policy that lets nothing but its parts run. */

/** Stands in the built page where the nonce of a load goes (renderer/vite.config.ts). */
const noncePlaceholder = 'CSP-NONCE';

/** @param nonce of this load, never used before */
export const pageWithNonce = (html: string, nonce: string) => html.replaceAll(noncePlaceholder, nonce);

/** @param connect where the page may connect to: its host's sockets, or nowhere */
export function pagePolicy(nonce: string, connect: string | null): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    // Libraries measure and place with style elements (given the nonce) and attributes; neither can run anything.
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    ...(connect === null ? [] : [`connect-src ${connect}`]),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** What every answer to a window carries. */
export const securityHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy':
    'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=(), display-capture=()',
} as const;
