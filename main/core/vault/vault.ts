/** The tokens of the accounts: in the keychain, and where there is none, in memory only, which the person is told. */
import { createOrder, type InOrder } from '../in-order.ts';
import type { Log } from '../log/log.ts';
import type { Notices } from '../notices.ts';
import type { Keychain } from './keychain.ts';

/** Operations on one name happen in the order they were asked for. */
export interface Vault {
  /** Null: nothing is kept, or the keychain cannot be asked. */
  read(name: string): Promise<string | null>;
  write(name: string, secret: string): Promise<void>;
  forget(name: string): Promise<void>;
}
interface VaultParts {
  readonly keychain: Keychain;
  readonly notices: Notices;
  readonly log: Log;
}

export function createVault({ keychain, notices, log }: VaultParts): Vault {
  const memory = new Map<string, string>();
  const orders = new Map<string, InOrder>();

  const inOrder = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const order = orders.get(name) ?? createOrder();
    orders.set(name, order);
    return order(work);
  };
  const missing = (detail: string): void => {
    log.warn({ detail }, 'keychain not available');
    notices.tell({
      level: 'warning',
      code: 'keychain-missing',
      message:
        'The keychain of this computer cannot be used. You stay signed in until the app is closed; then the password is asked for again.',
      detail,
    });
  };
  return {
    read: (name) =>
      inOrder(name, async () => {
        const kept = memory.get(name);
        if (kept !== undefined) return kept;
        const answer = await keychain.read(name);
        if (answer.ok) return answer.value;
        missing(answer.detail);
        return null;
      }),
    async write(name, secret) {
      memory.set(name, secret);
      await inOrder(name, async () => {
        const answer = await keychain.write(name, secret);
        if (answer.ok) notices.withdraw('keychain-missing');
        else missing(answer.detail);
      });
    },
    async forget(name) {
      memory.delete(name);
      await inOrder(name, async () => {
        const answer = await keychain.remove(name);
        // where there is no keychain there is nothing in it
        if (!answer.ok) log.warn({ detail: answer.detail }, 'keychain entry not removed');
      });
    },
  };
}
