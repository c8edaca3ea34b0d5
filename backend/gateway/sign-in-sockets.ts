/** Sockets live no longer than the sign-in that opened them: ended, disabled or expired, they close with 4401. */
import type { WebSocket } from 'ws';
import type { Bus } from '../bus/bus.ts';
import type { Member } from './caller.ts';

/** "Sign in again", to a client of ours. */
const SIGNED_OUT = [4401, 'signed out'] as const;
/** What a timer can wait for at most. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

type Closable = Pick<WebSocket, 'close'> & { on(event: 'close', heard: () => void): unknown };
type SignedIn = Pick<Member, 'signInId' | 'signInExpiresAt'> & {
  readonly account: Pick<Member['account'], 'id' | 'organizationId'>;
};
export interface SignInSockets {
  /** To be called before it is looked up who asks: what ends between then and `add` ends that socket too. */
  arrive(): Arriving;
}
export interface Arriving {
  add(socket: Closable, member: SignedIn): void;
  /** Whether it was added or not. */
  settled(): void;
}
type Which = (id: string, signIn: Pick<SignIn, 'userId' | 'organizationId'>) => boolean;

interface SignIn {
  readonly userId: string;
  readonly organizationId: string;
  readonly sockets: Set<Closable>;
  expiresAtMs: number;
  timer: NodeJS.Timeout | null;
}

export function createSignInSockets(bus: Bus, now: () => number, signal: AbortSignal): SignInSockets {
  const signIns = new Map<string, SignIn>();
  /** For each that is arriving, what ended since. */
  const arriving = new Set<Which[]>();

  const end = (id: string, signIn: SignIn): void => {
    forget(id, signIn);
    for (const socket of signIn.sockets) socket.close(...SIGNED_OUT);
  };
  const forget = (id: string, signIn: SignIn): void => {
    if (signIn.timer) clearTimeout(signIn.timer);
    if (signIns.get(id) === signIn) signIns.delete(id);
  };
  const endAll = (which: Which): void => {
    for (const ended of arriving) ended.push(which);
    for (const [id, signIn] of signIns) if (which(id, signIn)) end(id, signIn);
  };
  const watch = (id: string, signIn: SignIn): void => {
    if (signIn.timer) clearTimeout(signIn.timer);
    const left = signIn.expiresAtMs - now();
    signIn.timer = setTimeout(
      () => (signIn.expiresAtMs <= now() ? end(id, signIn) : watch(id, signIn)),
      Math.min(Math.max(left, 0), LONGEST_WAIT_MS),
    );
  };

  bus.subscribe('sign-in.revoked', ({ signInId }) => endAll((id) => id === signInId), signal);
  bus.subscribe('user.disabled', ({ userId }) => endAll((_id, one) => one.userId === userId), signal);
  bus.subscribe(
    'organization.disabled',
    ({ organizationId }) => endAll((_id, one) => one.organizationId === organizationId),
    signal,
  );
  bus.subscribe(
    'sign-in.extended',
    ({ signInId, expiresAt }) => {
      const signIn = signIns.get(signInId);
      if (!signIn) return;
      signIn.expiresAtMs = Math.max(signIn.expiresAtMs, Date.parse(expiresAt));
      watch(signInId, signIn);
    },
    signal,
  );
  signal.addEventListener('abort', () => {
    for (const [id, signIn] of signIns) forget(id, signIn);
  });

  const add: Arriving['add'] = (socket, { signInId, signInExpiresAt, account }) => {
    const known = signIns.get(signInId);
    const signIn = known ?? {
      userId: account.id,
      organizationId: account.organizationId,
      sockets: new Set(),
      expiresAtMs: signInExpiresAt.getTime(),
      timer: null,
    };
    signIns.set(signInId, signIn);
    signIn.sockets.add(socket);
    if (!known) watch(signInId, signIn);
    socket.on('close', () => {
      signIn.sockets.delete(socket);
      if (signIn.sockets.size === 0) forget(signInId, signIn);
    });
  };

  return {
    arrive() {
      const ended: Which[] = [];
      arriving.add(ended);
      return {
        add(socket, member) {
          const { id: userId, organizationId } = member.account;
          if (ended.some((which) => which(member.signInId, { userId, organizationId }))) socket.close(...SIGNED_OUT);
          else add(socket, member);
        },
        settled: () => void arriving.delete(ended),
      };
    },
  };
}
