import { expect, it, vi } from 'vitest';
import { rememberChecked } from './checked-tokens.ts';
import type { Claims, Tokens } from './tokens.ts';

const claims: Claims = {
  user_id: '0'.repeat(24),
  username: 'ada',
  email: 'ada@harbour.test',
  tenant_id: 'harbour',
  tenant_name: 'Harbour',
  organization_id: '1'.repeat(24),
  role: 'user',
  machine_role: 'non-sudo',
  groups: [],
  source: 'desktop',
  sid: '5e0b6e0e-9d0b-4a51-8a53-6a3f6c3a0f11',
  jti: 'one',
  iat: 0,
  exp: 100,
};

it('checks the signature of a good token once, until it expires', async () => {
  let seconds = 10;
  const check = vi.fn<Tokens['check']>(() =>
    Promise.resolve(seconds < 100 ? { ok: true, claims } : { ok: false, code: 'token-expired' }),
  );
  const tokens = rememberChecked({ check }, () => seconds * 1000);
  expect(await tokens.check('a.good.token')).toEqual({ ok: true, claims });
  expect(await tokens.check('a.good.token')).toEqual({ ok: true, claims });
  expect(check).toHaveBeenCalledOnce();
  seconds = 100;
  expect(await tokens.check('a.good.token')).toEqual({ ok: false, code: 'token-expired' });
});

it('takes no other token for it, and remembers no bad one', async () => {
  const check = vi.fn<Tokens['check']>((token) =>
    Promise.resolve(token === 'good' ? { ok: true, claims } : { ok: false, code: 'token-invalid' }),
  );
  const tokens = rememberChecked({ check }, () => 0);
  await tokens.check('good');
  for (const each of ['goof', 'bad', 'bad']) expect(await tokens.check(each)).toMatchObject({ ok: false });
  expect(check).toHaveBeenCalledTimes(4);
});
