/** The token of one account: kept in the vault, renewed in the background before it expires, given up only when the server says so. */
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { auth } from '../../../protocol/api/auth.ts';
import type { Failure } from '../../../protocol/bridge/failure.ts';
import type { CallServer } from '../api/client.ts';
import type { Vault } from '../vault/vault.ts';

export interface Credential {
  /** Null: there is none, so the person has to sign in. */
  readonly token: string | null;
  /** From the vault, at start. False: nothing is kept there. */
  load(): Promise<boolean>;
  /** The sign-in it is of; null: nobody knows any more. */
  readonly session: string | null;
  /** From a sign-in. `expiresInS` as the server said. */
  set(token: string, expiresInS: number, session: string): void;
  /** The server does not take this token any more: renews it or gives it up. True when there is another one now. */
  refused(token: string): Promise<boolean>;
  /** The computer was asleep: timers were too. */
  wake(): void;
  /** Signed out. Gives the token that was there. */
  forget(): string | null;
}
interface CredentialParts {
  readonly account: string;
  readonly vault: Vault;
  readonly call: CallServer;
  readonly now: () => number;
  readonly random: () => number;
  /** The server refuses it for good. */
  readonly givenUp: (failure: Failure) => void;
}

const secret = z.object({
  token: z.string().min(1),
  received_at: z.number(),
  valid_ms: z.number(),
  session: z.string().nullable().default(null),
});
type Secret = z.infer<typeof secret>;

/** Long timers stop in sleep and overflow; looking again is cheap. */
const LOOK_EVERY_MS = 10 * 60_000;
const RETRY_AFTER_MS = 30_000;
const TOKEN_REFUSALS: readonly string[] = ['not-signed-in', 'token-invalid', 'token-expired', 'token-revoked'];
const ACCOUNT_REFUSALS: readonly string[] = ['account-disabled', 'organization-disabled'];

/** Another token may be taken where this one was not. */
export const isRefusedToken = (failure: Failure): boolean => TOKEN_REFUSALS.includes(failure.code);

export function createCredential(parts: CredentialParts, signal: AbortSignal): Credential {
  const { vault, account, now } = parts;
  let held: (Secret & { readonly renewAt: number }) | null = null;
  let renewing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  const hold = (next: Secret): void => {
    // a share of its life, so that a thousand desktops that signed in together do not renew together
    held = { ...next, renewAt: next.received_at + next.valid_ms * (0.7 + 0.15 * parts.random()) };
    look(held.renewAt - now());
  };
  const look = (afterMs: number): void => {
    if (timer !== null) clearTimeout(timer);
    if (signal.aborted) return;
    timer = setTimeout(
      () => {
        if (held !== null && now() >= held.renewAt) void renew();
        else if (held !== null) look(held.renewAt - now());
      },
      Math.min(Math.max(afterMs, 0), LOOK_EVERY_MS),
    );
  };
  const giveUp = (failure: Failure): void => {
    held = null;
    void vault.forget(account);
    parts.givenUp(failure);
  };
  const receive = (token: string, expiresInS: number, session: string | null): void => {
    const next = { token, received_at: now(), valid_ms: lifetimeOf(token) ?? expiresInS * 1000, session };
    hold(next);
    void vault.write(account, JSON.stringify(next));
  };
  const renewNow = async (): Promise<void> => {
    const before = held;
    if (before === null) return;
    const answer = await parts.call(auth.refresh, { body: { token: before.token } }, { signal });
    if (signal.aborted || held !== before) return;
    if (answer.ok) receive(answer.value.token, answer.value.expires_in, before.session);
    else if (isFinal(answer.failure)) giveUp(answer.failure);
    else look(RETRY_AFTER_MS);
  };
  /** Many may ask; it happens once. */
  const renew = (): Promise<void> => {
    renewing ??= renewNow().finally(() => {
      renewing = null;
    });
    return renewing;
  };
  signal.addEventListener('abort', () => timer !== null && clearTimeout(timer), { once: true });

  return {
    get token() {
      return held?.token ?? null;
    },
    get session() {
      return held?.session ?? null;
    },
    async load() {
      const kept = readSecret(await vault.read(account));
      // signed in meanwhile: that token is the newer one
      if (kept !== null && held === null && !signal.aborted) hold(kept);
      return held !== null;
    },
    set: receive,
    async refused(token) {
      if (held?.token === token) await renew();
      return held !== null && held.token !== token;
    },
    wake() {
      if (held !== null) look(0);
    },
    forget() {
      const token = held?.token ?? null;
      held = null;
      void vault.forget(account);
      return token;
    },
  };
}

/** No other try changes it. */
export const isFinal = (failure: Failure): boolean =>
  isRefusedToken(failure) || ACCOUNT_REFUSALS.includes(failure.code);

/** By the server's own two times: a wrong clock here does not shorten it. Null for a token that does not say. */
function lifetimeOf(token: string): number | null {
  try {
    const { iat, exp } = decodeJwt(token);
    return iat === undefined || exp === undefined ? null : (exp - iat) * 1000;
  } catch {
    return null; // a token is the server's own matter
  }
}

function readSecret(text: string | null): Secret | null {
  if (text === null) return null;
  try {
    return secret.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
