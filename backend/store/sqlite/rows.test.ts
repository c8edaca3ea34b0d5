import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from './database.ts';
import { prepareRows } from './rows.ts';

let database: Database;
beforeEach(() => {
  database = new DatabaseSync(':memory:');
  database.exec('create table t (a text, b real)');
});
afterEach(() => database.close());

describe('a prepared statement', () => {
  it('gives rows by the names of their columns, each time it runs', () => {
    const insert = prepareRows(database, 'insert into t (a, b) values (?, ?) returning b as made, a');
    expect(insert.all('one', 1.5)).toEqual([{ made: 1.5, a: 'one' }]);
    expect(insert.all('none', null)).toEqual([{ made: null, a: 'none' }]);
    const select = prepareRows(database, 'select b, a as named from t where a = ?');
    expect(select.all('one')).toEqual([{ b: 1.5, named: 'one' }]);
    expect(select.all('two')).toEqual([]);
  });

  it('says how many rows it changed, and gives none where it returns none', () => {
    expect(prepareRows(database, 'insert into t (a) values (?)').run('x').changes).toBe(1);
    expect(prepareRows(database, 'update t set b = 1').all()).toEqual([]);
  });

  it('takes of several columns of one name the last', () => {
    expect(prepareRows(database, 'select 1 as n, 2 as n').all()).toEqual([{ n: 2 }]);
  });

  it('names rightly what a star stands for once the table has become another', () => {
    const all = prepareRows(database, "select t.*, 'after' as c from t");
    database.exec("insert into t (a, b) values ('x', 1)");
    expect(all.all()).toEqual([{ a: 'x', b: 1, c: 'after' }]);
    database.exec("alter table t drop column b; alter table t add column later text default 'l'");
    expect(all.all()).toEqual([{ a: 'x', later: 'l', c: 'after' }]);
  });
});
