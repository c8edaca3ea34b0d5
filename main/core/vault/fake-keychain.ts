/** A keychain for tests: in memory, away or locked when told so. */
import type { Keychain } from './keychain.ts';

export interface FakeKeychain extends Keychain {
  readonly entries: ReadonlyMap<string, string>;
  /** What it answers instead; null: it works. */
  away: string | null;
}

export function fakeKeychain(): FakeKeychain {
  const entries = new Map<string, string>();
  const keychain: FakeKeychain = {
    entries,
    away: null,
    read: (name) => answer(() => entries.get(name) ?? null),
    write: (name, secret) =>
      answer(() => {
        entries.set(name, secret);
        return null;
      }),
    remove: (name) =>
      answer(() => {
        entries.delete(name);
        return null;
      }),
  };
  const answer = <T>(work: () => T) =>
    Promise.resolve(
      keychain.away === null ? ({ ok: true, value: work() } as const) : ({ ok: false, detail: keychain.away } as const),
    );
  return keychain;
}
