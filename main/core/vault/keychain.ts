/** The operating system's keychain: macOS Keychain, Windows Credential Manager, the Secret Service of a Linux desktop. */
import type { AsyncEntry } from '@napi-rs/keyring';

export type KeychainAnswer<T> =
  | { readonly ok: true; readonly value: T }
  /** What was seen, for "details". */
  | { readonly ok: false; readonly detail: string };

/** Secrets by name. That the keychain is away, locked or full is an answer. */
export interface Keychain {
  read(name: string): Promise<KeychainAnswer<string | null>>;
  write(name: string, secret: string): Promise<KeychainAnswer<null>>;
  remove(name: string): Promise<KeychainAnswer<null>>;
}

/**
 * Entries of this service, by asynchronous calls: a locked keychain waits for the person. On Linux only the Secret Service
 * will do; the library's other choice, the kernel's keyring, forgets at log-out without a word.
 */
export function openKeychain(service: string): Keychain {
  const entry = async (name: string): Promise<AsyncEntry> => {
    // only when it is needed: that its native part is missing on a system is an answer too
    const library = await import('@napi-rs/keyring');
    return new library.AsyncEntry(service, name, { linux: { store: 'secret-service' } });
  };
  return {
    read: (name) =>
      answered(async () => {
        const bytes = await (await entry(name)).getSecret();
        return bytes === null ? null : Buffer.from(bytes).toString('utf8');
      }),
    // bytes, for Windows keeps 2,560 of them, but only half as many characters
    write: (name, secret) =>
      answered(async () => {
        await (await entry(name)).setSecret(Buffer.from(secret, 'utf8'));
        return null;
      }),
    remove: (name) =>
      answered(async () => {
        await (await entry(name)).deleteCredential();
        return null;
      }),
  };
}

async function answered<T>(ask: () => Promise<T>): Promise<KeychainAnswer<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
