/** Sockets live no longer than the sign-in that opened them: ended, disabled or expired, they close with 4401. */
import type { WebSocket } from 'ws';
import type { Bus, Message } from '../bus/bus.ts';
import type { Member } from './caller.ts';

/** "Sign in again", to a client of ours. */
const SIGNED_OUT: Close = [4401, 'signed out'];
/** "Dial again", for the rights one has now. */
const RIGHTS_CHANGED: Close = [1012, 'rights-changed'];
type Close = readonly [code: number, reason: string];
/** What a timer can wait for at most. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

type Closable = Pick<WebSocket, 'close'> & { on(event: 'close', heard: () => void): unknown };
type SignedIn = Pick<Member, 'signInId' | 'signInExpiresAt'> & {
  readonly account: Pick<Member['account'], 'id'>;
  readonly home: Pick<Member['home'], 'id'>;
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
interface Ended {
  readonly which: (of: Account) => boolean;
  readonly close: Close;
}

/** One account of a sign-in: it may have proven several. */
interface Account {
  readonly signInId: string;
  readonly userId: string;
  /** Where the account lives: a super admin that acts in another organization is not of it. */
  readonly organizationId: string;
}
interface SignIn extends Account {
  readonly sockets: Set<Closable>;
  expiresAtMs: number;
  timer: NodeJS.Timeout | null;
}

export function createSignInSockets(bus: Bus, now: () => number, signal: AbortSignal): SignInSockets {
  const signIns = new Map<string, SignIn>();
  /** For each that is arriving, what ended since. */
  const arriving = new Set<Ended[]>();

  const end = (signIn: SignIn, close: Close): void => {
    forget(signIn);
    for (const socket of signIn.sockets) socket.close(...close);
  };
  const forget = (signIn: SignIn): void => {
    if (signIn.timer) clearTimeout(signIn.timer);
    if (signIns.get(keyOf(signIn)) === signIn) signIns.delete(keyOf(signIn));
  };
  const endAll = (which: Ended['which'], close: Close = SIGNED_OUT): void => {
    for (const ended of arriving) ended.push({ which, close });
    for (const signIn of [...signIns.values()].filter(which)) end(signIn, close);
  };
  const watch = (signIn: SignIn): void => {
    if (signIn.timer) clearTimeout(signIn.timer);
    const left = signIn.expiresAtMs - now();
    signIn.timer = setTimeout(
      () => (signIn.expiresAtMs <= now() ? end(signIn, SIGNED_OUT) : watch(signIn)),
      Math.min(Math.max(left, 0), LONGEST_WAIT_MS),
    );
  };

  bus.subscribe(
    'sign-in.revoked',
    ({ signInId, userId }) =>
      endAll((one) => one.signInId === signInId && (userId === undefined || one.userId === userId)),
    signal,
  );
  bus.subscribe('user.disabled', ({ userId }) => endAll((one) => one.userId === userId), signal);
  bus.subscribe('role.changed', ({ userId }) => endAll((one) => one.userId === userId, RIGHTS_CHANGED), signal);
  for (const topic of ['organization.disabled', 'organization.deleted'] as const) {
    const ofOrganization = ({ organizationId }: Message<typeof topic>): void =>
      endAll((one) => one.organizationId === organizationId);
    bus.subscribe(topic, ofOrganization, signal);
  }
  // Whoever it concerned: all of them come through the door again, with what the store says now.
  bus.subscribe('missed', () => endAll(() => true, RIGHTS_CHANGED), signal);
  bus.subscribe(
    'sign-in.extended',
    ({ signInId, expiresAt }) => {
      for (const signIn of signIns.values()) {
        if (signIn.signInId !== signInId) continue;
        signIn.expiresAtMs = Math.max(signIn.expiresAtMs, Date.parse(expiresAt));
        watch(signIn);
      }
    },
    signal,
  );
  signal.addEventListener('abort', () => {
    for (const signIn of signIns.values()) forget(signIn);
  });

  const add = (socket: Closable, account: Account, expiresAtMs: number): void => {
    const known = signIns.get(keyOf(account));
    const signIn = known ?? { ...account, sockets: new Set(), expiresAtMs, timer: null };
    signIns.set(keyOf(account), signIn);
    signIn.sockets.add(socket);
    if (!known) watch(signIn);
    socket.on('close', () => {
      signIn.sockets.delete(socket);
      if (signIn.sockets.size === 0) forget(signIn);
    });
  };

  return {
    arrive() {
      const ended: Ended[] = [];
      arriving.add(ended);
      return {
        add(socket, { signInId, signInExpiresAt, account, home }) {
          const whose = { signInId, userId: account.id, organizationId: home.id };
          const known = ended.findLast(({ which }) => which(whose));
          if (known) socket.close(...known.close);
          else add(socket, whose, signInExpiresAt.getTime());
        },
        settled: () => void arriving.delete(ended),
      };
    },
  };
}

function keyOf({ signInId, userId }: Account): string {
  return `${signInId} ${userId}`;
}
