import { describe, expect, it } from 'vitest';
import { best } from './palette-search.ts';

const items = [
  { title: 'db-web-01' },
  { title: 'spiderweb' },
  { title: 'web-02' },
  { title: 'builder', words: 'tag:web 10.0.0.7' },
];
const titles = (query: string, limit = 10) => best(items, query, limit).map(({ title }) => title);

describe('the palette', () => {
  it('has what begins with the typed word first, then where a part begins with it, then the rest', () => {
    expect(titles('web')).toEqual(['web-02', 'db-web-01', 'spiderweb', 'builder']);
  });
  it('wants every word', () => {
    expect(titles('web 01')).toEqual(['db-web-01']);
    expect(titles('10.0')).toEqual(['builder']);
    expect(titles('nothing')).toEqual([]);
  });
  it('shows as many as fit, in their order, when nothing was typed', () => {
    expect(titles('', 2)).toEqual(['db-web-01', 'spiderweb']);
  });
  it('finds the one machine among ten thousand by any of its words', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => ({
      title: `machine-${at}`,
      words: `10.0.0.${at} tag:production`,
    }));
    expect(best(many, 'production 9999', 20).map(({ title }) => title)).toEqual(['machine-9999']);
  });
});
