import {
  asyncProperty,
  assert,
  constantFrom,
  dictionary,
  jsonValue,
  oneof,
  string,
  tuple,
  type Arbitrary,
} from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorBody, errors, type ErrorCode } from '../../protocol/api/errors.ts';
import { refusalsOf } from '../../protocol/api/refusals.ts';
import type { Row } from '../../protocol/api/row.ts';
import { validInput } from './contract/valid-input.ts';
import { startBackend, type Account, type Answered, type Backend } from './backend.ts';
import { allRows, bodyOf, pathOf, queryOf } from './rows.ts';
import { askUpgrade } from './upgrade.ts';

let backend: Backend;
let admin: Account;
beforeAll(async () => {
  // What is handed out as the agent does not matter here.
  backend = await startBackend({
    agentFile: import.meta.filename,
    environment: { TRUSTED_PROXIES: '127.0.0.1' },
  });
  admin = await backend.signUp();
});
afterAll(() => backend[Symbol.asyncDispose]());

type Reply = Pick<Answered, 'status' | 'body'>;
interface Asking {
  readonly path?: string;
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
function ask(row: Row, asked: Asking = {}): Promise<Reply> {
  const { path = pathOf(row), token, body, headers = {} } = asked;
  if (row.kind !== 'socket')
    return backend.request(row.method, path, {
      headers,
      ...(token !== undefined && { token }),
      ...(body !== undefined && { body }),
    });
  return askUpgrade(backend.url + path, {
    ...headers,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  });
}
const codeOf = ({ body }: Reply) => errorBody.safeParse(body).data?.code;

describe('every row of the contract', () => {
  it.each(allRows)('%s is served', async (_name, row) => {
    const answer = await ask(row);
    expect(codeOf(answer)).not.toBe('unknown-route');
    expect(codeOf(answer)).not.toBe('wrong-method');
  });

  it.each(allRows)('%s lets in without a token whom its access says, and nobody else', async (_name, row) => {
    const answer = await ask(row);
    if (['public', 'agent', 'anybody'].includes(row.access)) expect(codeOf(answer)).not.toBe('not-signed-in');
    else expect(answer).toMatchObject({ status: 401, body: { code: 'not-signed-in' } });
  });

  it.each(allRows.filter(([, { access }]) => /^(machine|session|issue)-/.test(access)))(
    '%s finds nothing where there is nothing',
    async (name, row) => {
      const { token } = await backend.signIn(admin);
      const path = pathOf(row) + queryOf(name);
      const answer = await ask(row, { path, token, body: bodyOf(name) });
      expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
    },
  );
});

/** A dot in a path leads to another address. */
const astray: readonly ErrorCode[] = ['unknown-route', 'wrong-method'];

/** Whatever the row takes, the same with one field spoiled, and anything at all. */
function bodies(row: Row): Arbitrary<unknown> {
  const schema = 'body' in row ? row.body : undefined;
  if (!schema) return jsonValue();
  const valid = validInput(schema);
  const spoil = oneof(jsonValue(), string(), constantFrom('a@b.test', '', null, -1, 1e308, 'x'.repeat(2000)));
  const names = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const spoiled = tuple(valid, constantFrom('x', ...names), spoil).map(([body, name, value]) =>
    typeof body === 'object' ? { ...body, [name]: value } : value,
  );
  return oneof(valid, spoiled, jsonValue());
}
function paths(row: Row) {
  const part = oneof(string({ maxLength: 30 }), constantFrom('..', '%00', 'null', '0'.repeat(24)));
  const query = dictionary(constantFrom('q', 'page', 'limit', 'status', 'token', 'cols'), string({ maxLength: 30 }));
  return {
    part,
    query,
    build: (id: string, given: Record<string, string>) =>
      `${row.path.replaceAll(/:[a-z_]+/g, () => encodeURIComponent(id) || '-')}?${new URLSearchParams(given).toString()}`,
  };
}

/** Each from an address of its own, so that none is refused for the others. */
let asked = 0;
function fromElsewhere() {
  asked += 1;
  return { 'x-forwarded-for': `10.${asked >> 16}.${(asked >> 8) & 255}.${asked & 255}` };
}

/** The same each time; another looks elsewhere. */
const SEED = Number(process.env['SEED'] ?? 1);

describe('any input whatever', () => {
  it.each(allRows)('gets an answer of the contract from %s, never a fault', async (_name, row) => {
    const { token } = await backend.signIn(admin);
    const { part, query, build } = paths(row);
    const run = asyncProperty(bodies(row), part, query, async (body, id, given) => {
      const hasBody = row.method !== 'GET';
      const answer = await ask(row, {
        path: build(id, given),
        token,
        headers: fromElsewhere(),
        ...(hasBody && { body: JSON.stringify(body) }),
      });
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
      const code = codeOf(answer);
      if (answer.status >= 400) expect([...refusalsOf(row), ...astray]).toContain(code);
      if (code !== undefined && code in errors)
        expect(JSON.stringify(answer.body)).not.toMatch(/\bat .*\.(?:ts|js):\d|ZodError|SQLITE/);
    });
    await assert(run, { numRuns: 60, seed: SEED });
    expect(backend.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
  });
});
