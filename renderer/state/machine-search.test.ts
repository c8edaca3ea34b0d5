import { describe, expect, it } from 'vitest';
import { sampleMachine } from '../testing/samples.ts';
import { found } from './machine-search.ts';

const machines = [
  sampleMachine(1, { name: 'web-01', tags: ['production', 'web'], hostname: 'web01.fra' }),
  sampleMachine(2, { name: 'db-01', tags: ['production'], status: 'offline', os: 'Ubuntu 24.04' }),
  sampleMachine(3, { name: 'builder', ip_address: '192.168.7.4' }),
];
const names = (query: string) => found(machines, query).map(({ name }) => name);

describe('searching machines', () => {
  it('finds all when nothing is typed, without a new list', () => {
    expect(found(machines, '  ')).toBe(machines);
  });
  it.each([
    ['WEB', ['web-01']],
    ['fra', ['web-01']],
    ['192.168', ['builder']],
    ['offline', ['db-01']],
    ['ubuntu', ['db-01']],
    ['production', ['web-01', 'db-01']],
  ])('finds by %s, in any of what a machine says of itself', (query, expected) =>
    expect(names(query)).toEqual(expected),
  );
  it('wants every word', () => {
    expect(names('production 01 offline')).toEqual(['db-01']);
  });
  it('looks at tags alone when asked to', () => {
    expect(names('tag:web')).toEqual(['web-01']);
  });
});
