/** The contract table as an OpenAPI 3.1 document. https://spec.openapis.org/oas/v3.1.1 */
import { z } from 'zod';
import { errorBody, errors, type ErrorCode } from '../../protocol/api/errors.ts';
import { refusalsOf } from '../../protocol/api/refusals.ts';
import type { Group, JsonRow, Row } from '../../protocol/api/row.ts';

export type JsonSchema = z.core.JSONSchema.BaseSchema;
type Media = Readonly<Record<string, { readonly schema: JsonSchema }>>;
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: JsonSchema;
}
export interface Answer {
  readonly description: string;
  readonly content?: Media;
}
export interface Operation {
  readonly operationId: string;
  readonly tags: readonly [group: string];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Media };
  readonly responses: Readonly<Record<string, Answer>>;
  /** Who may call, how often, and what the audit says of it: what OpenAPI has no word for. */
  readonly 'x-access': Row['access'];
  readonly 'x-rate': Row['rate'];
  readonly 'x-audit'?: string;
  /** What it refuses with. */
  readonly 'x-codes': readonly ErrorCode[];
  readonly 'x-websocket-subprotocols'?: readonly string[];
}
type Method = 'get' | 'post' | 'put' | 'delete';
export interface OpenApi {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
}

const methods = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const;
const JSON_TYPE = 'application/json';
const SWITCHING = '101';

export function openApi(table: Readonly<Record<string, Group>>, version: string): OpenApi {
  const paths: Record<string, Partial<Record<Method, Operation>>> = {};
  for (const [group, rows] of Object.entries(table)) {
    for (const [name, row] of Object.entries(rows)) {
      const path = row.path.replaceAll(/:([a-z_]+)/g, '{$1}');
      paths[path] = { ...paths[path], [methods[row.method]]: operation(group, name, row) };
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'WebXTerm API',
      version,
      description: 'Agent-based access to machines, for organizations with roles, groups and an audit.',
    },
    servers: [{ url: '/' }],
    tags: Object.keys(table).map((name) => ({ name })),
    paths,
    components: {
      schemas: { Error: schemaOf(errorBody, 'output') },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function operation(group: string, name: string, row: Row): Operation {
  const codes = refusalsOf(row);
  return {
    operationId: `${group}.${name}`,
    tags: [group],
    security: securityOf(row),
    parameters: [...parametersIn('path', row.params), ...parametersIn('query', row.query)],
    ...requestBody(row),
    responses: { ...successes(row), ...refused(codes) },
    'x-access': row.access,
    'x-rate': row.rate,
    ...(typeof row.audit === 'string' && { 'x-audit': row.audit }),
    'x-codes': codes,
    ...(row.kind === 'socket' && { 'x-websocket-subprotocols': row.subprotocols }),
  };
}

/** An empty requirement among others: it may be left out. */
function securityOf({ access }: Row): Operation['security'] {
  if (access === 'public' || access === 'agent') return [];
  return access === 'anybody' ? [{}, { bearer: [] }] : [{ bearer: [] }];
}

function parametersIn(place: Parameter['in'], schema: z.ZodType | undefined): Parameter[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input');
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: typeof property === 'boolean' ? {} : property,
  }));
}

function requestBody(row: Row): Pick<Operation, 'requestBody'> {
  if (row.kind === 'upload') {
    const file = { type: 'string', contentEncoding: 'binary' } as const;
    const schema: JsonSchema = { type: 'object', properties: { file }, required: ['file'] };
    const instead: Media = row.body ? { [JSON_TYPE]: { schema: schemaOf(row.body, 'input') } } : {};
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema }, ...instead } } };
  }
  const schema = 'body' in row ? row.body : undefined;
  return schema
    ? { requestBody: { required: true, content: { [JSON_TYPE]: { schema: schemaOf(schema, 'input') } } } }
    : {};
}

function successes(row: Row): Record<string, Answer> {
  if (row.kind === undefined || row.kind === 'json') return withFiles(answers(row.answer), row.files);
  switch (row.kind) {
    case 'socket':
      return { [SWITCHING]: { description: 'a WebSocket' } };
    case 'redirect':
      return { 302: { description: 'sent on' } };
    case 'stream':
      return { 200: { description: 'a stream', content: { [row.mediaType]: { schema: {} } } } };
    case 'page': {
      const shown: Answer = { description: 'a page', content: { 'text/html': { schema: {} } } };
      return { 302: { description: 'sent on' }, 200: shown, ...answers(row.answer) };
    }
    case 'upload':
      return answers(row.answer);
  }
}

/** One that is also had as a file. */
function withFiles(told: Record<string, Answer>, files: JsonRow['files'] = {}): Record<string, Answer> {
  const types = Object.values(files).filter((type) => !type.startsWith(JSON_TYPE));
  const asFiles = Object.fromEntries(types.map((type) => [type, { schema: {} }]));
  return Object.fromEntries(
    Object.entries(told).map(([status, answer]) => [status, { ...answer, content: { ...answer.content, ...asFiles } }]),
  );
}

function answers(schemas: Readonly<Partial<Record<200 | 201, z.ZodType>>> = {}): Record<string, Answer> {
  return Object.fromEntries(
    Object.entries(schemas).map(([status, schema]) => [
      status,
      { description: 'done', content: { [JSON_TYPE]: { schema: schemaOf(schema, 'output') } } },
    ]),
  );
}

function refused(codes: readonly ErrorCode[]): Record<string, Answer> {
  const content = { [JSON_TYPE]: { schema: { $ref: '#/components/schemas/Error' } } };
  const byStatus: Record<string, Answer> = {};
  for (const code of codes) {
    const { status, sentence } = errors[code];
    const before = byStatus[status]?.description;
    const said = `\`${code}\`: ${sentence}`;
    byStatus[status] = { description: before === undefined ? said : `${before} ${said}`, content };
  }
  return byStatus;
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, '~standard': _standard, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return json;
}
