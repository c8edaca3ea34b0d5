/** Input at the border: parsed with the row's schemas, and what is wrong said field by field in our own words. */
import type { z } from 'zod';
import type { Refusal, Row, UploadedFile } from '../../protocol/api/row.ts';

/** As it came, then as parsed: what a row does not have is undefined. */
export interface AnyInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** Of rows with a cookie: its value, null where the browser has none. */
  readonly cookie?: string | null | undefined;
  /** Of rows that take one; null where a body came instead. */
  readonly file?: UploadedFile | null | undefined;
}
export type ParsedInput =
  { readonly ok: true; readonly input: AnyInput } | { readonly ok: false; readonly refuse: Refusal };
type Fields = NonNullable<Refusal['fields']>;

/** More than a form has; a body of thousands of wrong fields gets no answer of thousands. */
const MOST_FIELDS = 20;
const LONGEST_PATH = 100;

export function parseInput(row: Row, raw: AnyInput): ParsedInput {
  const params = parsePart(row.params, raw.params);
  const query = parsePart(row.query, raw.query);
  const { cookie, file } = raw;
  const body = parsePart('body' in row && !file ? row.body : undefined, raw.body);
  if (params.ok && query.ok && body.ok) {
    return { ok: true, input: { params: params.value, query: query.value, body: body.value, cookie, file } };
  }
  const fields = [params, query, body].flatMap((part) => (part.ok ? [] : part.fields)).slice(0, MOST_FIELDS);
  return { ok: false, refuse: { code: 'invalid-fields', fields } };
}

type Part = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fields: Fields };
function parsePart(schema: z.ZodType | undefined, value: unknown): Part {
  if (!schema) return { ok: true, value: undefined };
  const parsed = schema.safeParse(value, { error: (issue) => sentence(issue) });
  if (parsed.success) return { ok: true, value: parsed.data };
  const fields = parsed.error.issues.map(({ path, message }) => ({
    path: path.join('.').slice(0, LONGEST_PATH),
    message,
  }));
  return { ok: false, fields };
}

type Issue = Parameters<z.core.$ZodErrorMap>[0];

/** A schema's own message goes before these. */
function sentence(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be of type ${issue.expected}`;
    case 'too_small':
      return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_format':
      return `must be a valid ${issue.format}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return 'is not valid';
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' items long' : '';
}
