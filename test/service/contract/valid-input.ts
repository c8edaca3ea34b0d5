/** Input that a schema takes, made from the schema itself. */
import * as fc from 'fast-check';
import { z } from 'zod';

type Schema = z.core.JSONSchema.BaseSchema;
/** For properties of these names, wherever they stand: what a schema cannot say, such as ids of what exists. */
export type Named = Readonly<Record<string, fc.Arbitrary<unknown>>>;

const LONGEST_TEXT = 64;
const MOST_ITEMS = 4;
/** What a schema checks beyond what JSON schema has words for. */
const usual: Named = {
  email: fc.uuid().map((id) => `${id}@example.test`),
  avatar_url: fc.webUrl({ validSchemes: ['https'] }),
};

/** Throws for a schema that hardly takes any of it: a filter would look for ever. */
export function validInput(schema: z.ZodType, named: Named = {}): fc.Arbitrary<unknown> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const likely = arbitraryOf(json, { ...usual, ...named });
  const isValid = (value: unknown): boolean => schema.safeParse(value).success;
  if (!fc.sample(likely, { seed: 1, numRuns: 100 }).some(isValid))
    throw new Error(`name what this schema wants: ${JSON.stringify(json)}`);
  return likely.filter(isValid);
}

/** Always the same. */
export function oneValidInput(schema: z.ZodType, named: Named = {}): unknown {
  return fc.sample(validInput(schema, named), { seed: 1, numRuns: 1 })[0];
}

function arbitraryOf(schema: Schema | boolean, named: Named): fc.Arbitrary<unknown> {
  if (typeof schema === 'boolean') return fc.jsonValue();
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => arbitraryOf(choice, named)));
  const values = schema.const === undefined ? schema.enum : [schema.const];
  return values ? fc.constantFrom(...values) : ofType(schema, named);
}

function ofType(schema: Schema, named: Named): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case 'object':
      return schema.properties
        ? recordOf(schema, named)
        : fc.dictionary(text(schema.propertyNames), additional(schema, named));
    case 'array':
      return listOf(schema, named);
    case 'string':
      return text(schema);
    case 'integer':
      return fc.integer({
        min: Math.max(schema.minimum ?? 0, -(2 ** 31)),
        max: Math.min(schema.maximum ?? 1000, 2 ** 31 - 1),
      });
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case undefined:
    default:
      return fc.jsonValue();
  }
}

function recordOf({ properties = {}, required = [] }: Schema, named: Named): fc.Arbitrary<unknown> {
  const parts: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [name, property] of Object.entries(properties)) parts[name] = named[name] ?? arbitraryOf(property, named);
  return fc.record(parts, { requiredKeys: required });
}

function additional({ additionalProperties = true }: Schema, named: Named): fc.Arbitrary<unknown> {
  return arbitraryOf(additionalProperties, named);
}

function listOf({ items, minItems = 0, maxItems = MOST_ITEMS }: Schema, named: Named): fc.Arbitrary<unknown> {
  const item = items === undefined || Array.isArray(items) ? fc.jsonValue() : arbitraryOf(items, named);
  return fc.array(item, { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, MOST_ITEMS)) });
}

function text(schema: Schema | boolean = {}): fc.Arbitrary<string> {
  if (typeof schema === 'boolean') return fc.string({ maxLength: LONGEST_TEXT });
  const { format, pattern, minLength = 0, maxLength = LONGEST_TEXT } = schema;
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time')
    return fc
      .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'));
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, LONGEST_TEXT)) });
}
