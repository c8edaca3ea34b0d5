import { hash } from '@node-rs/argon2';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryStore, type TemporaryStore } from '../../test/service/store.ts';
import { createEvenOut } from './even-out.ts';
import { login } from './login.ts';
import { createCodes } from './otp/codes.ts';
import { createTokens } from './tokens.ts';

let made: TemporaryStore;
beforeAll(async () => {
  made = await temporaryStore();
  const cheap = { memoryCost: 8, timeCost: 1, parallelism: 1 };
  const password_hash = await hash('the right one', cheap);
  for (const [slug, emails] of [
    ['acme', ['one@example.test', 'three@example.test']],
    ['other', ['three@example.test']],
    ['third', ['three@example.test']],
  ] as const) {
    const { id } = await made.addOrganization(slug);
    for (const email of emails) await made.addUser(id, `${slug}-${email.split('@')[0]}`, { email, password_hash });
  }
});
afterAll(() => made[Symbol.asyncDispose]());

const now = () => Date.UTC(2026, 0, 15, 12);
const newUuid = () => crypto.randomUUID();
const secret = 'a-secret-of-32-characters-or-more!';

/** A wrong password for `email`, where each hash takes `hashMs`: how many there were, and when the answer came. */
async function refused(email: string, hashMs: number) {
  const clock = { ms: 1000 };
  const verified = vi.fn();
  const answer = await login(
    {
      platform: made.store.platform,
      bus: { publish: vi.fn() },
      tokens: createTokens({ secret, lifetimeS: 3600, now, newUuid }),
      codes: createCodes(secret),
      otp: null,
      publicUrl: null,
      log: { error: vi.fn() },
      passwords: {
        hash: () => Promise.resolve({ ok: false, code: 'busy' }),
        verify(_typed, stored) {
          verified(stored.length);
          clock.ms += hashMs;
          return Promise.resolve({ ok: true, right: [] });
        },
      },
      monotonic: () => clock.ms,
      evenOut: createEvenOut({
        monotonic: () => clock.ms,
        wait: (ms) => Promise.resolve((clock.ms += ms)),
        everyMs: 250,
      }),
      now,
      newUuid,
    },
    { email, password: 'a wrong one' },
    { requestId: 'r', address: `10.0.0.${email.length}`, userAgent: null, source: 'cli', host: 'localhost' },
  );
  return { answer, tried: verified.mock.calls, answeredAtMs: clock.ms - 1000 };
}

describe('a refused pair of email and password', () => {
  it('is tried once, whether the email is known or not, and is answered alike', async () => {
    const [unknown, wrong] = [await refused('nobody@example.test', 20), await refused('one@example.test', 20)];
    expect(unknown).toEqual({ answer: { refuse: { code: 'wrong-credentials' } }, tried: [[0]], answeredAtMs: 250 });
    expect(wrong).toEqual({ ...unknown, tried: [[1]] });
  });

  it('does not show in time how many accounts the email has', async () => {
    const several = await refused('three@example.test', 20);
    expect(several).toMatchObject({ tried: [[3]], answeredAtMs: 250 });
    expect(await refused('three@example.test', 300)).toMatchObject({ answeredAtMs: 500 });
  });
});
