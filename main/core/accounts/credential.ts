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
  /** From a sign-in; `expiresInS` as the server said. Gives the token that was there before, as soon as the vault has said. */
  set(token: string, expiresInS: number): Promise<string | null>;
  /** The server does not take this token any more: renews it or gives it up. True when there is another one now. */
  refused(token: string): Promise<boolean>;
  /** The computer was asleep: timers were too. */
  wake(): void;
  /** Signed out. Gives the token that was there, as soon as the vault has said. */
  forget(): Promise<string | null>;
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

const secret = z.object({ token: z.string().min(1), received_at: z.number(), valid_ms: z.number() });
type Secret = z.infer<typeof secret>;
/** What is read of a token here. */
const claims = z.object({ iat: z.number(), exp: z.number(), sid: z.string() }).partial();
type Claims = z.infer<typeof claims>;

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
  /** What the vault still has to say. */
  let kept: Promise<Secret | null> | null = null;
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
  const receive = (token: string, expiresInS: number): void => {
    const next = { token, received_at: now(), valid_ms: lifetimeOf(token) ?? expiresInS * 1000 };
    hold(next);
    void vault.write(account, JSON.stringify(next));
  };
  const renewNow = async (): Promise<void> => {
    const before = held;
    if (before === null) return;
    const answer = await parts.call(auth.refresh, { body: { token: before.token } }, { signal });
    if (signal.aborted || held !== before) return;
    if (answer.ok) receive(answer.value.token, answer.value.expires_in);
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
  const tokenBefore = async (): Promise<string | null> => (held ?? (await kept))?.token ?? null;
  signal.addEventListener('abort', () => timer !== null && clearTimeout(timer), { once: true });

  return {
    get token() {
      return held?.token ?? null;
    },
    async load() {
      kept = vault.read(account).then(readSecret);
      const found = await kept;
      kept = null;
      // signed in meanwhile: that token is the newer one
      if (found !== null && held === null && !signal.aborted) hold(found);
      return held !== null;
    },
    set(token, expiresInS) {
      const before = tokenBefore();
      receive(token, expiresInS);
      return before;
    },
    async refused(token) {
      if (held?.token === token) await renew();
      return held !== null && held.token !== token;
    },
    wake() {
      if (held !== null) look(0);
    },
    forget() {
      const before = tokenBefore();
      held = null;
      void vault.forget(account);
      return before;
    },
  };
}

/** No other try changes it. */
export const isFinal = (failure: Failure): boolean =>
  isRefusedToken(failure) || ACCOUNT_REFUSALS.includes(failure.code);

/** The sign-in at the server that a token is of: its server ends all tokens of one together. Null for a token that does not say. */
export const signInOf = (token: string): string | null => claimsOf(token).sid ?? null;

/** By the server's own two times: a wrong clock here does not shorten it. Null for a token that does not say. */
function lifetimeOf(token: string): number | null {
  const { iat, exp } = claimsOf(token);
  return iat === undefined || exp === undefined ? null : (exp - iat) * 1000;
}

/** Nothing, where it does not say: a token is the server's own matter. */
function claimsOf(token: string): Claims {
  try {
    return claims.parse(decodeJwt(token));
  } catch {
    return {};
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
