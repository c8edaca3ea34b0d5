/** Text messages of both legs: JSON, each of a known kind. */
import type { z } from 'zod';

export type ReadText<T> =
  { readonly ok: true; readonly message: T } | { readonly ok: false; readonly code: 'bad-json' | 'bad-message' };

export function readText<S extends z.ZodType>(bytes: Buffer, schema: S): ReadText<z.output<S>> {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString());
  } catch {
    return { ok: false, code: 'bad-json' };
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? { ok: true, message: parsed.data } : { ok: false, code: 'bad-message' };
}
