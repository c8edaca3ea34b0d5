import { expect, it } from 'vitest';
import { z } from 'zod';
import { schemaText } from './schema-text.ts';

const shown = (schema: z.ZodType) => schemaText(z.toJSONSchema(schema, { io: 'input' }));

it.each([
  ['a bounded text', z.string().min(1).max(100), 'string (1 to 100 characters)'],
  ['a text of a format', z.iso.datetime(), 'string (date-time)'],
  ['a number with its bounds', z.number().min(0).max(100), 'number (0 to 100)'],
  ['a whole number without', z.int(), 'integer'],
  ['choices', z.enum(['a', 'b']), '"a" | "b"'],
  ['one value', z.literal(true), 'true'],
  ['what may be null', z.string().nullable(), 'string | null'],
  ['a list of choices', z.array(z.enum(['a', 'b'])), '("a" | "b")[]'],
  ['names of any kind', z.record(z.string(), z.number()), '{ [name]: number }'],
  ['anything', z.unknown(), 'anything'],
])('%s is shown', (_what, schema, text) => {
  expect(shown(schema)).toBe(text);
});

it('an object is shown over lines, its optional parts marked', () => {
  expect(shown(z.object({ name: z.string(), inner: z.object({ at: z.int().min(3) }).optional() }))).toBe(
    ['{', '  name: string', '  inner?: {', '    at: integer (3 or more)', '  }', '}'].join('\n'),
  );
});
