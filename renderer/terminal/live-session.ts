/** A session on the screen: output, typing and size between the emulator and the main process. */
import type { StoreApi } from 'zustand/vanilla';
import type { TerminalState } from '../../protocol/bridge/events.ts';
import type { FromWindow, TerminalPort, ToWindow } from '../../protocol/bridge/terminal.ts';
import type { Moment } from '../../protocol/wire/moment.ts';
import type { Timer } from './acks.ts';
import type { Emulator } from './emulator.ts';
import { createInput } from './input.ts';
import { createLink, type Link } from './link.ts';
import type { LiveState } from './live-state.ts';
import { createSizing } from './sizing.ts';
import { createStream } from './stream.ts';
import { fateOf, takesKeys } from './typing.ts';

interface LiveSessionParts {
  readonly emulator: Emulator;
  /** Where the emulator is open. */
  readonly element: HTMLElement;
  readonly open: () => TerminalPort;
  readonly store: StoreApi<LiveState>;
  readonly state: () => TerminalState['at'];
  readonly isVisible: () => boolean;
  readonly now: () => Moment;
  readonly after: Timer;
}

export interface LiveSession {
  /** Data of the emulator: its answers to programs, keys, mouse, focus. */
  data(data: string, bytes: Uint8Array): void;
  send(message: FromWindow): void;
  retry(): void;
  /** The font, or what is around the screen, changed. */
  measure(): void;
  /** Whether what is drawn now was drawn before, here or elsewhere. */
  isReplay(): boolean;
  inControl(): boolean;
  /** Whether typing goes anywhere; the person is shown why where it does not. */
  takesInput(): boolean;
  dispose(): void;
}

export function createLiveSession(parts: LiveSessionParts): LiveSession {
  const { emulator, store, now, after } = parts;
  const set = store.setState;
  const input = createInput(now);
  /** Opened when the size is known, so that the session never has a wrong one. */
  let link: Link | null = null;
  const send = (message: FromWindow): void => link?.send(message);

  const sizing = createSizing({
    terminal: emulator.terminal,
    fit: emulator.fit,
    element: parts.element,
    after,
    send: (size) => send({ type: 'resize', ...size }),
    firstFitted: () => void (link = openLink()),
  });
  const stream = createStream({
    screen: emulator.screen,
    size: () => sizing.size(),
    now,
    after,
    listener: {
      attached(message) {
        set({ mode: message.mode });
        sizing.attached(message.mode, message);
      },
      detached: () => sizing.detached(),
      jumped() {
        if (emulator.screen.alternate && stream.mode() === 'control') sizing.redraw();
      },
      resized: (size) => sizing.given(size),
    },
  });

  const hear = (message: ToWindow): void => {
    if (message.type === 'kept') set({ kept: message.bytes === 0 ? null : message });
    stream.message(message);
  };
  const openLink = (): Link =>
    createLink({
      open: parts.open,
      after,
      ready(port) {
        stream.connect(port);
        set({ port: 'ready', kept: null, discarded: input.connect(port) });
        port.send({ type: 'visible', visible: parts.isVisible() });
      },
      lost() {
        stream.lost();
        input.lost();
        set({ port: 'lost' });
      },
      gaveUp: () => set({ port: 'gone' }),
      message: hear,
      frame: (frame) => stream.frame(frame),
    });

  const standing = () => ({ state: parts.state(), mode: store.getState().mode, attached: stream.mode() !== null });
  const refuse = (): void => set(({ refusedKeys }) => ({ refusedKeys: refusedKeys + 1 }));
  return {
    data(data, bytes) {
      if (emulator.isAnswering()) return stream.answer(data);
      switch (fateOf(data, standing())) {
        case 'input':
          return input.type(bytes) ? undefined : refuse();
        case 'reply':
          return send({ type: 'reply', data });
        case 'refused':
          return refuse();
        case 'dropped':
      }
    },
    send,
    retry() {
      link?.retry();
      send({ type: 'retry' });
    },
    measure: () => sizing.request(),
    isReplay: () => stream.isReplay(),
    inControl: () => stream.mode() === 'control',
    takesInput() {
      const isTaken = takesKeys(standing());
      if (!isTaken) refuse();
      return isTaken;
    },
    dispose() {
      link?.close();
      stream.lost();
      sizing.dispose();
    },
  };
}
