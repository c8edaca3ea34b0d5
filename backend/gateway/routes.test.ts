import { describe, expect, it } from 'vitest';
import { table } from '../../protocol/api/table.ts';
import type { Group } from '../../protocol/api/row.ts';
import { createMatcher, type Route } from './routes.ts';

const groups: Readonly<Record<string, Group>> = table;
const routes: Route[] = Object.entries(groups).flatMap(([group, rows]) =>
  Object.entries(rows).map(([name, row]) => ({
    name: `${group}.${name}`,
    row,
    handle: () => Promise.resolve({ refuse: { code: 'unexpected' as const } }),
  })),
);
const match = createMatcher(routes);
const names = (pathname: string) => match(pathname)?.map(({ route }) => route.name) ?? null;

describe('an address', () => {
  it.each(routes.map(({ name, row }) => [name, row.path] as const))('finds %s', (name, path) => {
    const filled = path.replaceAll(/:[a-z_]+/g, 'some-id');
    expect(names(filled)).toContain(name);
  });

  it('gives the parameters of its path, decoded', () => {
    expect(match('/api/machines/a%2Fb')?.[0]?.params).toEqual({ agent_id: 'a/b' });
    expect(names('/api/machines/x')).toEqual(['machines.get', 'machines.update', 'machines.remove']);
  });

  it.each([
    '/',
    '',
    '/api',
    '/api/machines/',
    '/api/machines/a/b',
    '/api/machines//',
    '/API/machines',
    '/api/machines/x/ws',
  ])('finds nothing at “%s”', (pathname) => {
    expect(names(pathname)).toEqual([]);
  });

  it('that cannot be decoded is told apart', () => {
    expect(match('/api/machines/%zz')).toBeNull();
  });
});
