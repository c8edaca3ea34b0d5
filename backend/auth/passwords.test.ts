import { describe, expect, it } from 'vitest';
import { createPasswords } from './passwords.ts';

const email = 'ada@example.test';
const secret = 'a-secret-of-32-characters-or-more!';
async function hashed(
  typed: { readonly email: string; readonly password: string },
  madeWith = secret,
): Promise<string> {
  const made = await createPasswords({ atOnce: 1, waiting: 0 }, madeWith).hash(typed);
  if (!made.ok) throw new Error(made.code);
  return made.hash;
}
const saltOf = (hash: string) => hash.split('$')[4];

describe('passwords', () => {
  it('are kept as argon2id at the strength we mean', async () => {
    const passwords = createPasswords({ atOnce: 1, waiting: 0 }, secret);
    const hash = await hashed({ email, password: 'correct horse' });
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.verify({ email, password: 'correct horse' }, [hash])).toEqual({ ok: true, right: [hash] });
    expect(await passwords.verify({ email, password: 'wrong horse' }, [hash])).toEqual({ ok: true, right: [] });
    expect(await passwords.verify({ email, password: 'correct horse' }, [])).toEqual({ ok: true, right: [] });
  });

  it('have the salt of their email: one hash tells of all its accounts, and each email has its own', async () => {
    const [here, there] = [await hashed({ email, password: 'here' }), await hashed({ email, password: 'there' })];
    expect(saltOf(there)).toBe(saltOf(here));
    expect(saltOf(await hashed({ email: 'eve@example.test', password: 'here' }))).not.toBe(saltOf(here));
    const passwords = createPasswords({ atOnce: 1, waiting: 0 }, secret);
    expect(await passwords.verify({ email, password: 'there' }, [here, there])).toEqual({ ok: true, right: [there] });
  });

  it('stay good when the secret is another', async () => {
    const [old, older] = [
      await hashed({ email, password: 'p' }, 'the last'),
      await hashed({ email, password: 'q' }, 'one before'),
    ];
    const now = await hashed({ email, password: 'p' });
    expect(new Set([old, older, now].map(saltOf)).size).toBe(3);
    const passwords = createPasswords({ atOnce: 1, waiting: 0 }, secret);
    expect(await passwords.verify({ email, password: 'p' }, [old, older, now])).toEqual({
      ok: true,
      right: [old, now],
    });
  });

  it('are hashed a few at a time; who would wait too long is told at once', async () => {
    const passwords = createPasswords({ atOnce: 1, waiting: 2 }, secret);
    const all = await Promise.all(Array.from({ length: 6 }, () => passwords.hash({ email, password: 'p' })));
    expect(all.map(({ ok }) => ok)).toEqual([true, true, true, false, false, false]);
    expect((await passwords.hash({ email, password: 'p' })).ok).toBe(true);
  });

  it('that cannot be checked, their hash being damaged, fail alone: the next one gets its turn', async () => {
    const passwords = createPasswords({ atOnce: 1, waiting: 2 }, secret);
    await expect(passwords.verify({ email, password: 'p' }, ['no hash'])).rejects.toThrow(/./);
    expect((await passwords.hash({ email, password: 'p' })).ok).toBe(true);
  });
});
