/** A stream between a fake session and an emulator without a window, wired as the product wires it. */
import { createInput, type Input } from '../input.ts';
import { createLink, type Link } from '../link.ts';
import type { Size } from '../screen.ts';
import { createStream, type Attached, type Stream } from '../stream.ts';
import { createFakeSession, type FakeSession } from './fake-session.ts';
import { createFakeTime, type FakeTime } from './fake-time.ts';
import { createHeadlessScreen, type HeadlessScreen } from './headless-screen.ts';

export interface StreamSetup {
  readonly session: FakeSession;
  readonly screen: HeadlessScreen;
  readonly stream: Stream;
  readonly input: Input;
  readonly link: Link;
  readonly time: FakeTime;
  /** What the emulator gave as typing. */
  readonly typed: string[];
  readonly attached: Attached[];
  readonly sizes: Size[];
  readonly jumps: () => number;
  /** The most that waited for the emulator at any time. Bytes. */
  readonly mostOutstanding: () => number;
  /** Until all that was printed is drawn and acked. */
  readonly settled: () => Promise<void>;
}

export function setUpStream(
  options: Parameters<typeof createFakeSession>[0] & { session?: FakeSession } = {},
): StreamSetup {
  const session = options.session ?? createFakeSession(options);
  const time = createFakeTime();
  const typed: string[] = [];
  const attached: Attached[] = [];
  const sizes: Size[] = [];
  let jumps = 0;
  let most = 0;
  const screen = createHeadlessScreen({
    answered: (data) => stream.answer(data),
    typed: (data) => void typed.push(data),
  });
  const stream = createStream({
    screen,
    now: time.now,
    after: time.after,
    size: () => ({ cols: screen.terminal.cols, rows: screen.terminal.rows }),
    listener: {
      attached: (message) => void attached.push(message),
      detached: () => undefined,
      jumped: () => void (jumps += 1),
      resized: (size) => void sizes.push(size),
    },
  });
  const input = createInput(time.now);
  const link = createLink({
    open: () => session.open(),
    after: time.after,
    ready: (port) => {
      stream.connect(port);
      input.connect(port);
    },
    lost: () => {
      stream.lost();
      input.lost();
    },
    gaveUp: () => undefined,
    message: (message) => stream.message(message),
    frame: (frame) => {
      stream.frame(frame);
      most = Math.max(most, stream.outstanding());
    },
  });
  return {
    session,
    screen,
    stream,
    input,
    link,
    time,
    typed,
    attached,
    sizes,
    jumps: () => jumps,
    mostOutstanding: () => most,
    settled: async () => {
      do {
        await new Promise<void>((resolve) => screen.write(new Uint8Array(), resolve));
        time.advance(10);
        await Promise.resolve();
      } while (!session.idle() || stream.outstanding() > 0);
    },
  };
}
