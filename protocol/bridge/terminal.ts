/**
 * One terminal between window and main process: a MessagePort in Electron, a WebSocket in the browser host. Binary messages are
 * the wire's frames (channel 0 on a MessagePort); text messages are these.
 *
 * - Output frames go to the window with the session's own offsets; the window acks what is drawn (`output-ack`, `window` 0: main
 *   chooses the window).
 * - Input frames go to main, numbered from 0 per port; `typedAt` counts from `ready`. What the emulator answers by itself goes as
 *   `reply`, for it is not typing.
 * - The window first sends `attach`; what arrives before `attached` is not of this attachment.
 */
import { z } from 'zod';
import { attachMode, cols, rows } from '../wire/control.ts';

const offset = z.int().min(0);
const size = { cols, rows };
const modes = z.string().max(1024);

/** Window to main. */
export const fromWindow = z.discriminatedUnion('type', [
  /** `consumed`: what this window has drawn of the session; null for a fresh screen. */
  z.object({ type: z.literal('attach'), consumed: offset.nullable(), ...size }),
  z.object({ type: z.literal('resize'), ...size }),
  /** Hidden terminals owe no liveness. */
  z.object({ type: z.literal('visible'), visible: z.boolean() }),
  z.object({ type: z.literal('reply'), data: z.string().max(4096) }),
  /** What to do with kept input the person was asked about. */
  z.object({ type: z.literal('kept'), send: z.boolean() }),
  /** The person wants control. */
  z.object({ type: z.literal('take') }),
  /** Do not wait for the next try. */
  z.object({ type: z.literal('retry') }),
]);
export type FromWindow = z.infer<typeof fromWindow>;

/** Main to window. */
export const toWindow = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** `truncated`: bytes that are gone, to be stated on the screen. `fresh`: start with an empty screen. */
  z.object({
    type: z.literal('attached'),
    mode: attachMode,
    output_offset: offset,
    truncated: offset,
    fresh: z.boolean(),
    answered_offset: offset,
    modes,
    ...size,
  }),
  z.object({ type: z.literal('detached') }),
  z.object({ type: z.literal('moved'), output_offset: offset, modes }),
  z.object({ type: z.literal('resized'), ...size }),
  /** Input not yet taken by the shell: `preview` is its text; `ask`: it is old, the person decides. */
  z.object({ type: z.literal('kept'), bytes: z.int(), preview: z.string().max(200), ask: z.boolean() }),
  z.object({
    type: z.literal('exit'),
    exit_code: z.int().nullable(),
    signal: z.string().optional(),
    reason: z.string(),
    output_offset: offset,
  }),
]);
export type ToWindow = z.infer<typeof toWindow>;

/** The window's end of one terminal, whatever carries it. */
export interface TerminalPort {
  send(message: FromWindow): void;
  sendFrame(frame: Uint8Array): void;
  onMessage(listener: (message: ToWindow) => void): void;
  onFrame(listener: (frame: Uint8Array) => void): void;
  /** The carrier broke or main closed it: open a new one to go on. */
  onClose(listener: () => void): void;
  close(): void;
}
