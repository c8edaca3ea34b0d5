/** A virtual device: the program of one terminal, its window, its person and its socket; it sleeps, dies and comes back. */
import { encode, HEADER_BYTES } from '../../protocol/wire/frame.ts';
import type { FromWindow } from '../../protocol/bridge/terminal.ts';
import type { FromClient, ToClient } from '../../protocol/wire/control.ts';
import { backoff } from '../../protocol/wire/backoff.ts';
import { createTerminal, type TerminalMachine } from '../../main/core/terminals/terminal.ts';
import type { Effect, Phase } from '../../main/core/terminals/effect.ts';
import type { End } from './link.ts';
import { SILENT_MS } from './link.ts';
import type { Wish } from '../../main/core/terminals/attaching.ts';
import { checkMessage, type OfClient, type OfServiceToClient, sizeOf } from './packets.ts';
import type { Rule } from './rules.ts';
import type { ClientLink } from './service.ts';
import type { Shell } from './shell.ts';
import { createTypist, type Typist } from './typist.ts';
import { openWindow, type VirtualWindow } from './window.ts';
import type { World } from './world.ts';

const OUTPUT_ACK = 3;
const BLIP_MS = 20_000;

export interface DeviceParts {
  readonly world: World;
  readonly name: string;
  readonly without: ReadonlySet<Rule>;
  /** The values of its keystrokes. */
  readonly base: number;
  readonly drawBytesPerMs: number;
  /** A new socket to the service; null while it cannot be reached. */
  dial(): ClientLink | null;
  shell(session: string): Shell | null;
  /** The session another device has opened. */
  found(): string | null;
  opened(session: string): void;
  answered(query: number): string;
}
export interface Device {
  readonly name: string;
  readonly typist: Typist;
  readonly isUp: boolean;
  readonly isAsleep: boolean;
  readonly phase: Phase | null;
  readonly session: string | null;
  readonly window: VirtualWindow | null;
  readonly link: ClientLink | null;
  readonly programs: number;
  /** Where the shell's end was shown, in any of its windows; null: it was not. */
  readonly endShownAt: number | null;
  readonly asking: boolean;
  readonly size: { readonly cols: number; readonly rows: number };
  start(take: boolean): void;
  die(): void;
  sleep(ms: number): void;
  type(count: number): void;
  resize(cols: number, rows: number): void;
  takeControl(): void;
  /** The page is loaded anew, or only its port to the program breaks. */
  reload(fresh: boolean): void;
  discardKept(): void;
}

export function createDevice(parts: DeviceParts): Device {
  const { world, name, without } = parts;
  const typist = createTypist(world, name, parts.base);
  const client = `client-${name}`;
  let openIds = 0;
  let session: string | null = null;
  let machine: TerminalMachine | null = null;
  let window: VirtualWindow | null = null;
  let link: ClientLink | null = null;
  let phase: Phase | null = null;
  let size = { cols: 80, rows: 24 };
  let programs = 0;
  let linkWanted = false;
  let isDialling = false;
  let tries = 0;
  let asleepSince: number | null = null;
  let slept = 0;
  let stash: (() => void)[] = [];
  let inputSent = 0;
  /** By the program's clock; null: no port is open. */
  let portOpenedAt: number | null = null;
  let armedAt = Number.POSITIVE_INFINITY;
  let asking = false;
  let heardAt = 0;
  let hadControl = false;
  let endShownAt: number | null = null;

  const monotonic = (): number => world.now - slept;
  const moment = () => ({ monotonic: monotonic(), wall: world.now });
  /** In this program, as it is now: not before it wakes, not after it died. */
  const run = (act: () => void): void => {
    if (asleepSince === null) act();
    else stash.push(act);
  };
  const later = (delay: number, act: () => void): void => {
    const own = programs;
    world.after(delay, () => run(() => (own === programs && machine !== null ? act() : undefined)));
  };
  const act = (call: (of: TerminalMachine) => readonly Effect[]): void => {
    if (machine === null) return;
    for (const effect of call(machine)) perform(effect);
    arm();
  };
  const arm = (): void => {
    const at = machine?.deadline ?? Number.POSITIVE_INFINITY;
    if (!Number.isFinite(at) || at >= armedAt) return;
    armedAt = at;
    // timers fire late rather than early
    later(Math.max(0, at - monotonic()) + 0.01, () => {
      if (armedAt !== at) return;
      armedAt = Number.POSITIVE_INFINITY;
      if (without.has('probe')) return;
      act((of) => of.tick(moment()));
    });
  };
  const perform = (effect: Effect): void => {
    switch (effect.do) {
      case 'link':
        return setLink(effect.want);
      case 'tell':
        return tell(effect.message);
      case 'send':
        return send(spoil(effect.frame));
      case 'show':
        return window?.receive(effect.message);
      case 'show-frame':
        return window?.receiveFrame(effect.frame);
      case 'phase':
        ({ phase } = effect);
        world.log(`${name}: ${JSON.stringify(phase)}`);
        if (phase.at === 'reconnecting' && phase.why === 'gap' && !world.lossy)
          world.fail('gap', `${name} misses bytes of a socket that loses none`);
        // its person tries again when the machine is not there yet
        return phase.at === 'failed' && phase.code === 'machine-offline' ? later(5000, again) : undefined;
      case 'session':
        session = effect.sessionId;
        return parts.opened(session);
    }
  };
  const send = (packet: OfClient): void => link?.near.send(packet, sizeOf(packet));
  const tell = (message: FromClient): void => {
    checkMessage(world, 'fromClient', message);
    if (message.type !== 'attach') return send(message);
    world.log(`${name}: attach ${JSON.stringify(message)}`);
    send(without.has('evict') && message.mode === 'view' ? { ...message, mode: 'control', take: true } : message);
  };
  /** Where a rule is taken away, the frame lies. */
  const spoil = (frame: Uint8Array): Uint8Array => {
    if (without.has('boundedWindow') && frame[0] === OUTPUT_ACK)
      new DataView(frame.buffer, frame.byteOffset).setUint32(HEADER_BYTES, 8 * 1024 * 1024);
    return frame;
  };

  const setLink = (want: 'up' | 'anew' | 'down'): void => {
    const old = link;
    link = null;
    linkWanted = want !== 'down';
    if (want === 'up' && old !== null) link = old;
    else old?.near.close('no longer wanted');
    if (linkWanted && link === null) dial(want === 'anew' ? 1 : 0);
  };
  const dial = (delay: number): void => {
    if (isDialling) return;
    isDialling = true;
    later(delay, () => {
      isDialling = false;
      if (!linkWanted || link !== null) return;
      const dialled = parts.dial();
      if (dialled === null) return dial(redialDelay());
      tries = 0;
      link = dialled;
      listen(dialled, dialled.near);
      act((of) => of.connected(moment()));
    });
  };
  const redialDelay = (): number => {
    tries += 1;
    return backoff(tries, world.random);
  };
  const listen = (own: ClientLink, near: End<OfClient, OfServiceToClient>): void => {
    const program = programs;
    const isOwn = (): boolean => link === own && program === programs;
    near.hear({
      receive: (packet) => run(() => (isOwn() ? receive(packet) : undefined)),
      closed: (why) => run(() => (isOwn() ? lost(why) : undefined)),
    });
  };
  const lost = (why: string): void => {
    world.log(`${name}: socket ${why}`);
    link = null;
    act((of) => of.disconnected(moment()));
    if (linkWanted) dial(redialDelay());
  };
  const receive = (packet: OfServiceToClient): void => {
    if (packet instanceof Uint8Array) {
      heardAt = world.now;
      return act((of) => of.receiveFrame(packet, moment()));
    }
    world.log(`${name} < ${JSON.stringify(packet)}`);
    if (packet.type === 'attached') judgeGap(packet);
    if (packet.type === 'probed') heardAt = world.now;
    act((of) => of.receive(heard(packet), moment()));
  };
  /** A short blip of the device in control loses nothing. */
  const judgeGap = ({ mode, truncated, output_offset: offset }: Extract<ToClient, { type: 'attached' }>): void => {
    const isBlip =
      hadControl && mode === 'control' && world.now - heardAt < BLIP_MS && (window?.shown ?? null) !== null;
    if (isBlip && truncated > 0)
      world.fail('blip-truncated', `${name} lost ${truncated} bytes before ${offset} in a short blip`);
    hadControl = mode === 'control';
    heardAt = world.now;
  };
  /** Where a rule is taken away, the message lies. */
  const heard = (message: ToClient): ToClient => {
    if (message.type === 'attached' && without.has('answeredOffset')) return { ...message, answered_offset: 0 };
    if ((message.type === 'attached' || message.type === 'moved') && without.has('modes'))
      return { ...message, modes: '' };
    return message;
  };

  const fromWindow = (message: FromWindow): void => act((of) => of.receiveFromWindow(message, moment()));
  const newWindow = (): VirtualWindow =>
    openWindow(
      {
        world,
        name,
        shell: () => (session === null ? null : parts.shell(session)),
        send: fromWindow,
        sendFrame: (frame) => act((of) => of.receiveFrameFromWindow(frame, moment())),
        answered: (query) => parts.answered(query),
        asked: askPerson,
        endShown(at) {
          endShownAt = at;
        },
        runs: (then) => {
          const own = programs;
          run(() => (own === programs && machine !== null ? then() : undefined));
        },
      },
      parts.drawBytesPerMs,
    );
  /** A person thinks a little, then sends or discards. */
  const askPerson = (): void => {
    if (without.has('personDecides')) return later(0, () => fromWindow({ type: 'kept', send: true }));
    if (asking) return;
    asking = true;
    later(1000 + world.random() * 4000, () => {
      asking = false;
      if (portOpenedAt === null || phase?.at !== 'attached' || phase.mode !== 'control') return;
      decide(world.random() < 0.5);
    });
  };
  const decide = (sends: boolean): void => {
    world.log(`${name}: the person ${sends ? 'sends' : 'discards'} what was kept`);
    if (sends) typist.confirmed();
    else typist.discarded(phase?.at === 'attached');
    fromWindow({ type: 'kept', send: sends });
  };
  const openPort = (): void => {
    portOpenedAt = monotonic();
    inputSent = 0;
    act((of) => of.portOpened(moment()));
    window?.attach(size);
  };
  const wish = (take: boolean): Wish => {
    const known = session ?? parts.found();
    if (known !== null) session = known;
    if (without.has('openOnce')) openIds += 1;
    return {
      client,
      ...size,
      session: known === null ? { openId: `open-${name}-${openIds}` } : { sessionId: known, take },
    };
  };

  return {
    name,
    typist,
    get isUp() {
      return machine !== null;
    },
    get isAsleep() {
      return asleepSince !== null;
    },
    get phase() {
      return phase;
    },
    get session() {
      return session;
    },
    get window() {
      return window;
    },
    get link() {
      return link;
    },
    get programs() {
      return programs;
    },
    get endShownAt() {
      return endShownAt;
    },
    get asking() {
      return asking;
    },
    get size() {
      return size;
    },
    start,
    die,
    sleep(ms) {
      if (asleepSince !== null) return;
      world.log(`${name} sleeps ${Math.round(ms)} ms`);
      asleepSince = world.now;
      const own = link;
      if (ms > SILENT_MS) world.after(SILENT_MS, () => own?.cut(0, 0));
      world.after(ms, wake);
    },
    type(count) {
      if (machine === null || asleepSince !== null || window === null || phase?.at === 'ended') return;
      if (window.mode === 'view' || portOpenedAt === null) return;
      const payload = typist.type(count);
      const typedAt = Math.floor((monotonic() - portOpenedAt) / 100) % 2 ** 24;
      const offset = inputSent;
      inputSent += count;
      act((of) => of.receiveFrameFromWindow(encode({ kind: 'input', channel: 0, offset, typedAt, payload }), moment()));
    },
    resize(cols, rows) {
      if (asleepSince !== null) return;
      size = { cols, rows };
      if (machine !== null) fromWindow({ type: 'resize', ...size });
    },
    takeControl() {
      if (machine !== null && asleepSince === null) fromWindow({ type: 'take' });
    },
    reload(fresh) {
      if (machine === null || asleepSince !== null) return;
      world.log(`${name}: ${fresh ? 'the page is loaded anew' : 'the port breaks'}`);
      portOpenedAt = null;
      act((of) => of.portClosed(moment()));
      if (fresh) window?.reload();
      later(50 + world.random() * 3000, openPort);
    },
    discardKept() {
      if (machine === null || asleepSince !== null || portOpenedAt === null || phase?.at === 'attached') return;
      decide(false);
    },
  };

  function start(take: boolean): void {
    if (machine !== null) return;
    programs += 1;
    hadControl = false;
    machine = createTerminal(wish(take));
    window = newWindow();
    isDialling = false;
    asking = false;
    armedAt = Number.POSITIVE_INFINITY;
    act((of) => of.start(moment()));
    later(20, openPort);
  }

  function die(): void {
    if (machine === null) return;
    world.log(`${name}: the program dies`);
    typist.programDied();
    machine = null;
    window = null;
    portOpenedAt = null;
    linkWanted = false;
    stash = [];
    link?.cut(0, world.random() < 0.5 ? 5 : world.random() * SILENT_MS);
    link = null;
    phase = null;
  }

  function again(): void {
    die();
    start(false);
  }

  function wake(): void {
    if (asleepSince === null) return;
    slept += world.now - asleepSince;
    asleepSince = null;
    world.log(`${name} wakes`);
    const old = link;
    link = null;
    if (old !== null) {
      old.cut(0, 20);
      act((of) => of.disconnected(moment()));
      if (linkWanted) dial(20);
    }
    const waiting = stash;
    stash = [];
    for (const then of waiting) then();
  }
}
