/** What crosses the bridge as messages: calls, their answers, and events. The carrier of both hosts is made of these. */
import { z } from 'zod';
import { failure } from './failure.ts';

/** Window to main. `subscribe` makes the present state of an event come, then its changes. */
export const windowMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('call'), id: z.int().min(0), name: z.string().max(64), input: z.unknown() }),
  z.object({ type: z.literal('subscribe'), name: z.string().max(64) }),
  z.object({ type: z.literal('unsubscribe'), name: z.string().max(64) }),
]);
export type WindowMessage = z.infer<typeof windowMessage>;

/** Main to window. */
export const mainMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('answer'),
    id: z.int(),
    result: z.union([
      z.object({ ok: z.literal(true), value: z.unknown() }),
      z.object({ ok: z.literal(false), failure }),
    ]),
  }),
  z.object({ type: z.literal('event'), name: z.string(), event: z.unknown() }),
]);
export type MainMessage = z.infer<typeof mainMessage>;
