/** Remembers tokens whose signature was found good: it stays good. When one expires is looked at each time; whether it was revoked, the store says. */
import { hash } from 'node:crypto';
import type { Claims, Tokens } from './tokens.ts';

/** Of as many sign-ins at once; past it the one unused for longest is checked again. */
const KEPT = 10_000;

export function rememberChecked(tokens: Pick<Tokens, 'check'>, now: () => number): Pick<Tokens, 'check'> {
  const known = new Map<string, Claims>();
  const keep = (key: string, claims: Claims): void => {
    known.delete(key);
    known.set(key, claims);
    const [oldest] = known.keys();
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  };
  return {
    async check(token) {
      const key = hash('sha256', token, 'base64'); // the token itself is kept nowhere
      const claims = known.get(key);
      if (claims && claims.exp * 1000 > now()) {
        keep(key, claims);
        return { ok: true, claims };
      }
      known.delete(key);
      const checked = await tokens.check(token);
      if (checked.ok) keep(key, checked.claims);
      return checked;
    },
  };
}
