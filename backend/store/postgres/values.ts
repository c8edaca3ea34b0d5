/** What a value of PostgreSQL is in JavaScript: the same as of SQLite. */
import { types, type CustomTypesConfig } from 'pg';

const BOOLEAN = 16;
const BIGINT = 20;
const NUMERIC = 1700;

/** Sizes and counts stay below 2^53. Sums and averages of them come as NUMERIC. */
const parsers: ReadonlyMap<number, (text: string) => number> = new Map<number, (text: string) => number>([
  [BOOLEAN, (text) => (text === 't' ? 1 : 0)],
  [BIGINT, Number],
  [NUMERIC, Number],
]);

export const values: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): unknown =>
    parsers.get(oid) ?? (format === 'binary' ? types.getTypeParser(oid, format) : types.getTypeParser(oid, format)),
};
