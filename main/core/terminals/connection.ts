/** One terminal at work: its socket, its dialect and the window's port, wired together. */
import { fromWindow } from '../../../protocol/bridge/terminal.ts';
import type { Failure } from '../../../protocol/bridge/failure.ts';
import type { Moment } from '../../../protocol/wire/moment.ts';
import type { CarrierPort } from '../../host/host.ts';
import { json } from '../api/refusal.ts';
import type { Log } from '../log/log.ts';
import { desktopFailure } from '../outcome.ts';
import { createTerminalLink, type LinkParts } from './link.ts';
import { speakPlain } from './plain.ts';
import { speakFramed, type Speaker, type SpokenEffect, type SpokenEffects } from './speaker.ts';
import type { Wish } from './attaching.ts';
import type { Phase } from './effect.ts';

/** Which servers were seen to speak framed: those are never believed to have forgotten it. */
export interface Dialects {
  isFramed(address: string): boolean;
  sawFramed(address: string): void;
  /** Its terminals do not survive a broken connection: the person is to know. */
  sawPlain(address: string): void;
}
export interface ConnectionParts extends LinkParts {
  readonly wish: Wish;
  readonly dialects: Dialects;
  readonly moment: () => Moment;
  readonly log: Log;
  readonly told: ConnectionEvents;
}
/** `nextTryAt` null: not by itself. */
export type Trouble = { readonly failure: Failure; readonly nextTryAt: number | null };
export interface ConnectionEvents {
  phase(phase: Phase): void;
  /** Why there is no socket now; null: there is one. */
  trouble(trouble: Trouble | null): void;
  denied(failure: Failure): void;
  session(sessionId: string): void;
}
export interface Connection {
  /** The newest window draws; an older port is closed. */
  openPort(port: CarrierPort): void;
  /** The person wants control. */
  take(): void;
  /** The computer woke up, the network changed, or there is a token again. */
  reconnect(): void;
  /** Ends the session; told to the server when there is a socket. */
  close(): void;
  /** Lets go of everything here; the session lives on. */
  dispose(): void;
}

export function connect(parts: ConnectionParts): Connection {
  const { dialects, told, owner, wish } = parts;
  let speaker: Speaker = speakFramed(wish);
  let port: CarrierPort | null = null;
  let timer: NodeJS.Timeout | null = null;
  let timerAt = Number.POSITIVE_INFINITY;
  let isOpen = false;
  let isOver = false;

  const perform = (effect: SpokenEffect): void => {
    switch (effect.do) {
      case 'link':
        if (effect.want === 'anew') isOpen = false;
        link[effect.want]();
        break;
      case 'tell':
        link.send(JSON.stringify(effect.message));
        break;
      case 'say':
        link.send(effect.text);
        break;
      case 'send':
        link.send(effect.frame);
        break;
      case 'hold':
        link.hold(effect.on);
        break;
      case 'show':
        port?.post(JSON.stringify(effect.message));
        break;
      case 'show-frame':
        port?.post(effect.frame);
        break;
      case 'phase':
        told.phase(effect.phase);
        break;
      case 'session':
        told.session(effect.sessionId);
        break;
    }
  };
  const act = (effects: SpokenEffects): void => {
    for (const effect of effects) perform(effect);
    arm();
  };
  const arm = (): void => {
    const at = isOver ? Number.POSITIVE_INFINITY : speaker.deadline;
    if (at === timerAt) return;
    if (timer !== null) clearTimeout(timer);
    timer = null;
    timerAt = at;
    if (!Number.isFinite(at)) return;
    timer = setTimeout(
      () => {
        timerAt = Number.POSITIVE_INFINITY;
        timer = null;
        act(speaker.tick(parts.moment()));
      },
      Math.max(0, Math.ceil(at - parts.moment().monotonic)),
    );
  };

  const link = createTerminalLink(parts, {
    offer: () => ({ subprotocols: speaker.subprotocols, query: speaker.query() }),
    opened() {
      isOpen = true;
      if (speaker.subprotocols.length > 0) dialects.sawFramed(owner.address);
      told.trouble(null);
      act(speaker.connected(parts.moment()));
    },
    text(text) {
      const effects = speaker.text(text, parts.moment());
      if (effects !== null) act(effects);
      else misunderstood();
    },
    binary: (bytes) => act(speaker.frame(bytes, parts.moment())),
    lost(code) {
      isOpen = false;
      act(speaker.disconnected(parts.moment(), code));
    },
    waiting: (failure, nextTryAt) => told.trouble({ failure, nextTryAt }),
    denied: (failure) => told.denied(failure),
    unselected: () => speakPlainly(),
  });
  const lose = (): void => {
    if (!isOpen) return;
    isOpen = false;
    act(speaker.disconnected(parts.moment(), null));
  };
  const misunderstood = (): void => {
    parts.log.warn({ address: owner.address }, 'message of the server not understood');
    lose();
    link.broken(desktopFailure('not-understood'));
  };
  const speakPlainly = (): void => {
    if (dialects.isFramed(owner.address)) {
      link.broken(desktopFailure('not-understood', 'The server does not speak the framed dialect any more.'));
      return;
    }
    dialects.sawPlain(owner.address);
    speaker = speakPlain(wish);
    releasePort(); // the window opens another one, which begins anew
    link.anew();
    arm();
  };

  const releasePort = (): void => {
    const former = port;
    port = null;
    former?.close();
  };
  const openPort = (opened: CarrierPort): void => {
    releasePort();
    port = opened;
    opened.onClose(() => {
      if (port !== opened) return;
      port = null;
      act(speaker.portClosed(parts.moment()));
    });
    opened.onMessage((message) => {
      if (port !== opened) return;
      if (typeof message === 'string') heardFromWindow(message);
      else act(speaker.frameFromWindow(message, parts.moment()));
    });
    act(speaker.portOpened(parts.moment()));
  };
  const heardFromWindow = (text: string): void => {
    const message = fromWindow.safeParse(json(text));
    if (!message.success) {
      parts.log.warn({ terminal: wish.client }, 'message of the window not understood');
      releasePort();
      act(speaker.portClosed(parts.moment()));
      return;
    }
    if (message.data.type === 'retry') link.retry();
    act(speaker.fromWindow(message.data, parts.moment()));
  };

  act(speaker.start(parts.moment()));
  return {
    openPort,
    take: () => act(speaker.fromWindow({ type: 'take' }, parts.moment())),
    reconnect() {
      // told first, so that what is kept is judged by what was typed before the sleep
      lose();
      link.again();
    },
    close: () => act(speaker.close(parts.moment())),
    dispose() {
      isOver = true;
      arm();
      link.down();
      releasePort();
    },
  };
}
