/** The messages by which a terminal's MessagePort gets from the main process of Electron to the page. */
import { z } from 'zod';
import { terminalId } from './ids.ts';

/** The page asks for a port. */
export const terminalRequest = z.object({ terminal: terminalId, request: z.int().min(0) });
export type TerminalRequest = z.infer<typeof terminalRequest>;

/** Posted with the port. */
export const portMessage = z.object({ type: z.literal('webxterm.terminal-port'), request: z.int().min(0) });
export type PortMessage = z.infer<typeof portMessage>;
