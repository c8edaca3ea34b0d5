import { describe, expect, it } from 'vitest';
import { sampleMachine } from '../testing/samples.ts';
import { sorted } from './machine-sort.ts';

const machines = [
  sampleMachine(1, { name: 'a', cpu_percent: 30, status: 'offline' }),
  sampleMachine(2, { name: 'b', cpu_percent: null, status: 'online' }),
  sampleMachine(3, { name: 'c', cpu_percent: 80, status: 'online' }),
  sampleMachine(4, { name: 'd', cpu_percent: 5, status: 'pending' }),
];
const names = (column: string, descending = false) => sorted(machines, { column, descending }).map(({ name }) => name);

describe('the order of machines', () => {
  it('is by name as the list has it, and back', () => {
    expect(names('name')).toEqual(['a', 'b', 'c', 'd']);
    expect(names('name', true)).toEqual(['d', 'c', 'b', 'a']);
  });
  it('has those whose value is not known last, in both directions', () => {
    expect(names('cpu')).toEqual(['d', 'a', 'c', 'b']);
    expect(names('cpu', true)).toEqual(['c', 'a', 'd', 'b']);
  });
  it('keeps the order of names among equals', () => {
    expect(names('status')).toEqual(['b', 'c', 'd', 'a']);
    expect(names('status', true)).toEqual(['a', 'd', 'b', 'c']);
  });
});
