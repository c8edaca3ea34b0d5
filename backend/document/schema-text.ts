/** A JSON schema as people read it: `{ name: string (1 to 100 characters), tags?: string[] }`, over as many lines as it needs. */
import type { JsonSchema } from './openapi.ts';

type Part = JsonSchema | boolean;
const INDENT = '  ';

export function schemaText(schema: Part, indent = ''): string {
  if (typeof schema === 'boolean') return schema ? 'anything' : 'nothing';
  const choices = choicesText(schema, indent);
  if (choices !== null) return choices;
  if (schema.properties) return objectText(schema, indent);
  if (schema.type === 'array') return `${itemText(schema.items, indent)}[]`;
  if (schema.type === 'object' && schema.additionalProperties !== undefined)
    return `{ [name]: ${schemaText(schema.additionalProperties, indent)} }`;
  return simpleText(schema);
}

/** Null: it is no choice. */
function choicesText(schema: JsonSchema, indent: string): string | null {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map((choice) => schemaText(choice, indent)).join(' | ');
  const values = schema.const === undefined ? schema.enum : [schema.const];
  return values ? values.map((value) => JSON.stringify(value)).join(' | ') : null;
}

function objectText({ properties = {}, required = [] }: JsonSchema, indent: string): string {
  const inner = indent + INDENT;
  const lines = Object.entries(properties).map(
    ([name, property]) => `${inner}${name}${required.includes(name) ? '' : '?'}: ${schemaText(property, inner)}`,
  );
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`;
}

function itemText(items: JsonSchema['items'], indent: string): string {
  if (items === undefined || Array.isArray(items)) return 'anything';
  const text = schemaText(items, indent);
  return text.includes(' | ') ? `(${text})` : text;
}

function simpleText(schema: JsonSchema): string {
  const types = schema.type ?? 'anything';
  const type = Array.isArray(types) ? types.join(' | ') : types;
  const notes = [schema.format, bounds(schema)].filter((note) => note !== undefined && note !== '');
  return notes.length === 0 ? type : `${type} (${notes.join(', ')})`;
}

/** Bounds that somebody set: those of every integer say nothing. */
function bounds({ minLength, maxLength, minimum, maximum }: JsonSchema): string {
  const characters = range(minLength, maxLength);
  const values = range(said(minimum), said(maximum));
  return characters === '' ? values : `${characters} characters`;
}

function said(bound: number | undefined): number | undefined {
  return bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined;
}

function range(least: number | undefined, most: number | undefined): string {
  if (least !== undefined && most !== undefined) return `${least} to ${most}`;
  if (least !== undefined) return `${least} or more`;
  return most === undefined ? '' : `at most ${most}`;
}
