/** What a client of the plain dialect says: keystrokes, unless it is a JSON object of a known type. */
import { z } from 'zod';
import { cols, rows } from '../../../protocol/wire/control.ts';

const control = z.looseObject({ type: z.enum(['resize', 'input']) });
const whole = z.discriminatedUnion('type', [
  z.object({ type: z.literal('resize'), cols, rows }),
  z.object({ type: z.literal('input'), input: z.string() }),
]);

export type PlainMessage =
  | { readonly is: 'typed'; readonly text: string }
  | { readonly is: 'resized'; readonly cols: number; readonly rows: number }
  /** Of a known type, but unusable: a hidden terminal measures 0 × 0 and says so. Nobody typed it, so no shell gets it. */
  | { readonly is: 'nothing' };

/** Every text means something: what is no control message was typed. */
export function readPlain(text: string): PlainMessage {
  const object = text.startsWith('{') ? parsed(text) : undefined;
  if (!control.safeParse(object).success) return { is: 'typed', text };
  const message = whole.safeParse(object);
  if (!message.success) return { is: 'nothing' };
  if (message.data.type === 'input') return { is: 'typed', text: message.data.input };
  return { is: 'resized', cols: message.data.cols, rows: message.data.rows };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
