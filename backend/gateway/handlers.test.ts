/** What the types refuse. The step `types` judges these lines: an error that is expected and does not come is one. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { rows } from '../../protocol/api/row.ts';
import type { Member } from './caller.ts';
import type { GroupHandlers } from './handlers.ts';

const row = {
  method: 'GET',
  path: '/api/pings',
  access: 'signed-in',
  rate: 'read',
  answer: { 200: z.object({ pings: z.int() }) },
} as const;
const pings = rows({ list: row });
const list = (_input: unknown, caller: Member) =>
  Promise.resolve({ status: 200 as const, body: { pings: caller.account.username.length } });

it('a row without an access rule, or with one that is none, does not compile', () => {
  const { access, ...open } = row;
  // @ts-expect-error who may call is missing
  const without = rows({ list: open });
  // @ts-expect-error nobody is called so
  const other = rows({ list: { ...row, access: 'everybody' } });
  expect(Object.keys({ ...without, ...other })).toEqual(['list']);
  expect(access).toBe('signed-in');
});

it('a row without a handler does not compile, nor a handler without a row', () => {
  const all: GroupHandlers<typeof pings> = { list };
  // @ts-expect-error the row has no handler
  const none: GroupHandlers<typeof pings> = {};
  // @ts-expect-error there is no such row
  const more: GroupHandlers<typeof pings> = { list, clear: list };
  expect([all, none, more].map((handlers) => Object.keys(handlers))).toEqual([['list'], [], ['list', 'clear']]);
});

it('a handler that answers what its row does not does not compile', () => {
  const status = 200 as const;
  // @ts-expect-error a number is promised
  const other: GroupHandlers<typeof pings> = { list: () => Promise.resolve({ status, body: { pings: 'many' } }) };
  // @ts-expect-error the row promises no 201
  const made: GroupHandlers<typeof pings> = { list: () => Promise.resolve({ status: 201, body: { pings: 1 } }) };
  expect([other, made].map((handlers) => Object.keys(handlers))).toEqual([['list'], ['list']]);
});
