import { describe, expect, it } from 'vitest';
import { createPasswords } from './passwords.ts';

describe('passwords', () => {
  it('are kept as argon2id at the strength we mean, each with its own salt', async () => {
    const passwords = await createPasswords({ atOnce: 2, waiting: 10 }, 'decoy');
    const [one, two] = [await passwords.hash('correct horse'), await passwords.hash('correct horse')];
    if (!one.ok || !two.ok) throw new Error('busy');
    expect(one.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one.hash).not.toBe(two.hash);
    expect(await passwords.verify('correct horse', one.hash)).toEqual({ ok: true, right: true });
    expect(await passwords.verify('wrong horse', one.hash)).toEqual({ ok: true, right: false });
  });

  it('of no account are never right, not even the decoy’s own', async () => {
    const passwords = await createPasswords({ atOnce: 2, waiting: 10 }, 'decoy');
    expect(await passwords.verify('decoy', null)).toEqual({ ok: true, right: false });
  });

  it('are hashed a few at a time; who would wait too long is told at once', async () => {
    const passwords = await createPasswords({ atOnce: 1, waiting: 2 }, 'decoy');
    const all = await Promise.all(Array.from({ length: 6 }, () => passwords.hash('p')));
    expect(all.map(({ ok }) => ok)).toEqual([true, true, true, false, false, false]);
    expect((await passwords.hash('p')).ok).toBe(true);
  });

  it('that cannot be checked, their hash being damaged, fail alone: the next one gets its turn', async () => {
    const passwords = await createPasswords({ atOnce: 1, waiting: 2 }, 'decoy');
    await expect(passwords.verify('p', 'no hash')).rejects.toThrow(/./);
    expect((await passwords.hash('p')).ok).toBe(true);
  });
});
