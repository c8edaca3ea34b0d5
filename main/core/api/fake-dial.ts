/** Sockets for tests: each dial is kept, and the test is the server. */
import type { Failure } from '../../../protocol/bridge/failure.ts';
import { desktopFailure } from '../outcome.ts';
import type { Dial, SocketEnd, SocketHandlers, SocketOptions } from './socket.ts';

export interface FakeSocket {
  readonly options: SocketOptions;
  readonly sent: readonly (string | Uint8Array)[];
  /** The desktop left it. */
  readonly left: boolean;
  readonly held: boolean;
  open(): void;
  say(message: string | Uint8Array): void;
  measure(latencyMs: number): void;
  /** With a closing frame. */
  close(code: number): void;
  lose(failure?: Failure): void;
  /** Before the upgrade. */
  refuse(status: number, failure: Failure): void;
  /** It is a WebSocket server that does not know the subprotocol. */
  selectNothing(): void;
}
export interface FakeDial {
  readonly dial: Dial;
  readonly sockets: readonly FakeSocket[];
  readonly last: FakeSocket;
}

export function fakeDial(): FakeDial {
  const sockets: FakeSocket[] = [];
  return {
    sockets,
    get last() {
      const socket = sockets.at(-1);
      if (socket === undefined) throw new Error('nothing was dialled');
      return socket;
    },
    dial(options, handlers) {
      const sent: (string | Uint8Array)[] = [];
      let left = false;
      let held = false;
      sockets.push({
        ...talker(handlers, () => left),
        options,
        sent,
        get left() {
          return left;
        },
        get held() {
          return held;
        },
      });
      return {
        send: (message) => sent.push(message),
        hold(on) {
          held = on;
        },
        close() {
          left = true;
        },
      };
    },
  };
}

type Talker = Omit<FakeSocket, 'options' | 'sent' | 'left' | 'held'>;

/** Who left hears nothing more, as with a real socket. */
function talker(handlers: SocketHandlers, hasLeft: () => boolean): Talker {
  const lost = { failure: desktopFailure('cut-off'), code: null, status: null, unselected: false };
  const end = (how: Partial<SocketEnd>): void => {
    if (!hasLeft()) handlers.closed({ ...lost, ...how });
  };
  return {
    open: () => handlers.opened(),
    say(message) {
      if (hasLeft()) return;
      if (typeof message === 'string') handlers.text(message);
      else handlers.binary(message);
    },
    measure: (latencyMs) => handlers.measured?.(latencyMs),
    close: (code) => end({ code }),
    lose: (failure = lost.failure) => end({ failure }),
    refuse: (status, failure) => end({ status, failure }),
    selectNothing: () => end({ unselected: true }),
  };
}
