import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { rows } from '../../protocol/api/row.ts';
import { email } from '../../protocol/api/values.ts';
import { parseInput } from './parse-input.ts';

const { row } = rows({
  row: {
    method: 'POST',
    path: '/x/:id',
    access: 'public',
    rate: 'write',
    params: z.object({ id: z.string().regex(/^\d+$/, 'must be digits') }),
    query: z.object({ page: z.coerce.number().min(1).optional() }),
    body: z.object({
      name: z.string().min(3).max(5),
      email,
      tags: z.array(z.string()).max(2).optional(),
      kind: z.enum(['a', 'b']).optional(),
      many: z.record(z.string(), z.number()).optional(),
    }),
    answer: {},
    audit: null,
  },
});
const good = { params: { id: '7' }, query: {}, body: { name: 'Adah', email: ' ADA@Example.test ' } };
const fieldsOf = (raw: Parameters<typeof parseInput>[1]) => {
  const parsed = parseInput(row, raw);
  return parsed.ok ? [] : parsed.refuse.fields;
};

describe('input', () => {
  it('is handed on as parsed, without what the row does not name', () => {
    const raw = { ...good, query: { page: '2' }, body: { ...good.body, is_admin: true } };
    expect(parseInput(row, raw)).toEqual({
      ok: true,
      input: { params: { id: '7' }, query: { page: 2 }, body: { name: 'Adah', email: 'ada@example.test' } },
    });
  });

  it.each([
    [
      {},
      [
        ['name', 'is missing'],
        ['email', 'is missing'],
      ],
    ],
    [undefined, [['', 'is missing']]],
    [{ ...good.body, name: 7 }, [['name', 'must be of type string']]],
    [{ ...good.body, name: 'ab' }, [['name', 'must be at least 3 characters long']]],
    [{ ...good.body, name: 'abcdef' }, [['name', 'must be at most 5 characters long']]],
    [{ ...good.body, email: 'nobody' }, [['email', 'must be a valid email']]],
    [{ ...good.body, tags: ['a', 'b', 'c'] }, [['tags', 'must be at most 2 items long']]],
    [{ ...good.body, tags: ['a', null] }, [['tags.1', 'must be of type string']]],
    [{ ...good.body, kind: 'c' }, [['kind', 'must be one of a, b']]],
  ])('says in words what is wrong with %j', (body, expected) => {
    expect(fieldsOf({ ...good, body })?.map(({ path, message }) => [path, message])).toEqual(expected);
  });

  it('says what is wrong with the path and the query too, in the schema’s own words where it has some', () => {
    expect(fieldsOf({ ...good, params: { id: 'x' }, query: { page: '0' } })).toEqual([
      { path: 'id', message: 'must be digits' },
      { path: 'page', message: 'must be at least 1' },
    ]);
  });

  it('answers no thousand fields to a thousand faults, nor a name without end', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`${i}${'x'.repeat(500)}`, 'no number']));
    const fields = fieldsOf({ ...good, body: { ...good.body, many } }) ?? [];
    expect(fields).toHaveLength(20);
    for (const { path } of fields) expect(path.length).toBeLessThanOrEqual(100);
  });
});
