import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import type { Group } from '../../protocol/api/row.ts';
import { table } from '../../protocol/api/table.ts';
import { renderGuide } from './guide.ts';
import { openApi } from './openapi.ts';

const document = openApi(table, '1.2.3');
const groups: Readonly<Record<string, Group>> = table;
const rows = Object.entries(groups).flatMap(([group, of]) =>
  Object.entries(of).map(([name, row]) => ({ id: `${group}.${name}`, row })),
);
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
const operationOf = (id: string) => operations.find(({ operationId }) => operationId === id);

describe('the document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const checked = await new Validator().validate({ ...document });
    expect(checked.errors).toBeUndefined();
    expect(checked.valid).toBe(true);
  });

  it('has every row once, under its path and method', () => {
    expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
    const { get } = document.paths['/api/machines/{agent_id}'] ?? {};
    expect(get?.operationId).toBe('machines.get');
  });

  it.each(rows)('says of $id who may call, how often, and what the audit says', ({ id, row }) => {
    const operation = operationOf(id);
    expect(operation).toMatchObject({ 'x-access': row.access, 'x-rate': row.rate });
    expect(operation?.['x-audit']).toBe(row.audit ?? undefined);
  });

  it.each(rows)('names in $id every parameter of its path', ({ id, row }) => {
    const inPath = [...row.path.matchAll(/:([a-z_]+)/g)].map(([, name]) => name);
    const named = operationOf(id)?.parameters.filter((parameter) => parameter.in === 'path');
    expect(named?.map(({ name }) => name)).toEqual(inPath);
    expect(named?.every(({ required }) => required)).toBe(true);
  });

  it('describes what is sent before it is parsed, and what is answered', () => {
    const create = operationOf('machines.create');
    expect(create?.requestBody?.content['application/json']?.schema).toMatchObject({ required: ['name'] });
    expect(create?.responses['201']?.content?.['application/json']?.schema).toHaveProperty('properties.machine');
    expect(create?.responses['429']?.description).toContain('slow-down');
  });
});

describe('the page', () => {
  const page = renderGuide(document);

  it('shows every row, runs nothing and fetches nothing', () => {
    for (const { id } of rows) expect(page).toContain(`id="${id}"`);
    expect(page).not.toMatch(/<(?:script|link|img|iframe|object|form)\b/);
    expect(page).not.toMatch(/(?:src|href)="(?!#|\/api\/openapi\.json")/);
  });
});
