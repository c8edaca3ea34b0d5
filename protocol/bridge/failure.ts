/** How a call over the bridge fails. The window decides on `code`; `message` is a sentence for the person. */
import { z } from 'zod';
import { errors, type ErrorCode } from '../api/errors.ts';

/** What can go wrong before a server's answer is there, and what an answer can mean to the desktop. */
export const desktopFailures = {
  'bad-address': 'This is not an address of a server.',
  'name-not-found': 'No server has this name. Check the spelling, and that you are on the right network or VPN.',
  refused: 'The machine is there, but nothing answers at this port. The server may be down.',
  unreachable: 'There is no way to this server from here. Check the network or VPN.',
  'timed-out': 'The server did not answer in time.',
  'tls-untrusted':
    'The server’s certificate is not trusted. If your organization has its own authority, add its file under Settings, Network.',
  'tls-failed': 'No safe connection could be made.',
  'proxy-failed': 'The proxy did not let the connection through. Check Settings, Network.',
  'not-this-api': 'Something answers here, but it is not a WebXTerm server.',
  'cut-off': 'The connection broke before the answer was whole.',
  'not-understood': 'The server’s answer does not follow the contract.',
  'signed-out': 'You are not signed in to this account any more.',
  'sign-in-over': 'This sign-in took too long, or another one was begun. Sign in again.',
  'organization-out-of-reach':
    'Your sign-in does not reach this organization any more. Sign in again to see which ones it reaches.',
  'browser-failed': 'No browser could be opened on this computer.',
  'browser-twice': 'Two browsers set out with this sign-in, so nobody was signed in. Try again.',
  'browser-too-late': 'Nobody came back from the browser in time. Try again.',
  'unknown-account': 'There is no such account here.',
  'unknown-terminal': 'This terminal is gone.',
  'file-failed': 'A file could not be read or written.',
  'keychain-failed': 'The keychain of this computer did not take or give the secret.',
  'agent-failed': 'The agent of this computer did not do it.',
  'not-available-here': 'This cannot be done on this computer.',
  'bad-call': 'The window asked for something that does not exist. Reload it.',
  internal: 'Something went wrong in the app. It was written to the log.',
} as const;
export type DesktopFailureCode = keyof typeof desktopFailures;
export type FailureCode = DesktopFailureCode | ErrorCode;

const codes: readonly string[] = [...Object.keys(desktopFailures), ...Object.keys(errors)];
const isFailureCode = (value: string): value is FailureCode => codes.includes(value);

export const failure = z.object({
  code: z.string().refine(isFailureCode),
  message: z.string(),
  /** For "details": what exactly was seen, never a secret. */
  detail: z.string().optional(),
  request_id: z.string().optional(),
  retry_after_s: z.number().optional(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Failure = z.infer<typeof failure>;
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };
