/** How the desktop names what it has. */
import { z } from 'zod';

/** Names one account of the desktop: a user of an organization on a server. Made by the desktop, stable over restarts. */
export const accountId = z.string().min(1).max(64);
/** Names one terminal of the desktop: a client of the wire, kept with the layout. */
export const terminalId = z.string().min(1).max(64);
/** Names one sign-in on its way. */
export const signInId = z.string().min(1).max(64);
