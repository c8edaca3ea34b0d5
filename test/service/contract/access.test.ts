/** Every row, called by everybody: whom its access lets in comes in, nobody else does, and by what is refused nothing changes. */
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorBody, errors, type ErrorCode } from '../../../protocol/api/errors.ts';
import type { Access, Row } from '../../../protocol/api/row.ts';
import { startBackend, type Answered, type Backend } from '../backend.ts';
import { allRows, pathOf } from '../rows.ts';
import { askUpgrade } from '../upgrade.ts';
import { makeWorld, type Caller, type Insider, type World } from './world.ts';
import { oneValidInput } from './valid-input.ts';

let backend: Backend;
let world: World;
beforeAll(async () => {
  backend = await startBackend({ agentFile: import.meta.filename });
  world = await makeWorld(backend);
});
afterAll(() => backend[Symbol.asyncDispose]());

const guarded = allRows.filter(([, { access }]) => !['public', 'agent', 'anybody'].includes(access));

describe('every row that is not public', () => {
  it.each(guarded)('%s lets in whom its access says, and changes nothing for anybody else', async (_name, row) => {
    const before = dataIn(backend);
    for (const caller of world.callers) {
      const verdict = verdictOn(row, caller);
      // Those who come in would change what the next one meets; what they may do is told by the tests of each row.
      if (verdict === 'in' && row.method !== 'GET') continue;
      const answer = await call(row, caller);
      const { code } = errorBody.safeParse(answer.body).data ?? {};
      if (verdict === 'in') expect(code, `${caller.name} is refused`).not.toSatisfy(isOfAccess);
      else
        expect({ caller: caller.name, status: answer.status, code }).toEqual({
          caller: caller.name,
          status: errors[verdict].status,
          code: verdict,
        });
    }
    expect(dataIn(backend)).toEqual(before);
  });
});

const ofAccess: readonly string[] = [
  'not-signed-in',
  'token-invalid',
  'token-expired',
  'token-revoked',
  'account-disabled',
  'organization-disabled',
  'role-too-low',
];
const isOfAccess = (code: unknown): boolean => typeof code === 'string' && ofAccess.includes(code);

type Verdict = ErrorCode | 'in';
const owns = ({ is }: Insider): boolean => is === 'owner' || is === 'admin';
/** What the contract says of each role, in one place, apart from the code that decides it. `finds`: what the path names, if anything. */
const verdicts: Readonly<Record<Access, (caller: Insider, finds: Verdict) => Verdict>> = {
  public: () => 'in',
  agent: () => 'in',
  anybody: () => 'in',
  'signed-in': (_caller, finds) => finds,
  // The path names who was granted.
  'self-or-admin': ({ role, is }, finds) => (role === 'user' && is !== 'granted' ? 'role-too-low' : finds),
  admin: ({ role }, finds) => (role === 'user' ? 'role-too-low' : finds),
  'super-admin': ({ role }) => (role === 'super_admin' ? 'in' : 'role-too-low'),
  'machine-granted': ({ is }, finds) => (is === 'stranger' ? 'not-found' : finds),
  'machine-owner': (caller, finds) => {
    if (caller.is === 'stranger') return 'not-found';
    return owns(caller) ? finds : 'role-too-low';
  },
  'session-visible': (caller, finds) => (owns(caller) ? finds : 'not-found'),
  'issue-visible': (_caller, finds) => finds,
  'issue-author': (caller, finds) => {
    if (!caller.isHere) return 'not-found';
    return owns(caller) ? finds : 'role-too-low';
  },
};

function verdictOn({ access, path: address }: Row, caller: Caller): Verdict {
  if ('refused' in caller) return caller.refused;
  return verdicts[access](caller, caller.isHere || !address.includes(':') ? 'in' : 'not-found');
}

function call(row: Row, caller: Caller): Promise<Pick<Answered, 'status' | 'body'>> {
  const address = pathOf(row, world.idsIn(row)) + queryOf(row);
  const { token } = caller;
  if (row.kind === 'socket')
    return askUpgrade(backend.url + address, token === null ? {} : { authorization: `Bearer ${token}` });
  return backend.request(row.method, address, { ...(token !== null && { token }), ...bodyOf(row) });
}

const texts = z.record(z.string(), z.coerce.string());
/** Nothing where nothing is wanted. */
function queryOf({ query }: Row): string {
  if (!query || query.safeParse({}).success) return '';
  return `?${new URLSearchParams(texts.parse(oneValidInput(query, world.named))).toString()}`;
}

function bodyOf(row: Row): { readonly body?: unknown } {
  const schema = 'body' in row ? row.body : undefined;
  return schema ? { body: oneValidInput(schema, world.named) } : {};
}

/** Audit and throttles are what a refusal may write. */
const noted = ['audit_entries', 'audit_heads', 'audit_words', 'login_throttles'];
function dataIn({ dataFolder }: Backend): Readonly<Record<string, unknown>> {
  using database = new DatabaseSync(path.join(dataFolder, 'store.db'), { readOnly: true });
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
  return Object.fromEntries(
    tables
      .map(({ name }) => String(name))
      .filter((name) => !noted.includes(name))
      .map((name) => [name, database.prepare(`select * from "${name}"`).all()]),
  );
}
