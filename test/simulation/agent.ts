/** A virtual machine: the agent's exchange, its shells, and its socket to the service. */
import type { Effect } from '../../agent/sessions/effect.ts';
import { createExchange } from '../../agent/sessions/exchange.ts';
import type { End, Link } from './link.ts';
import { checkMessage, type OfAgent, type OfServiceToAgent, sizeOf } from './packets.ts';
import type { Rule } from './rules.ts';
import { type Shell, startShell } from './shell.ts';
import type { World } from './world.ts';

export const RING_BYTES = 2 * 1024 * 1024;
const CHECKPOINT_EVERY = 64 * 1024;
/** Beyond what the pace allows, an agent must never have put into its socket. */
const MOST_BUFFERED = 4 * 1024 * 1024 + 128 * 1024;

const INPUT = 2;

export type AgentLink = Link<OfAgent, OfServiceToAgent>;
export interface AgentParts {
  readonly world: World;
  readonly without: ReadonlySet<Rule>;
  readonly ptyBytesPerMs: number;
  /** A new socket to the service; null while it cannot be reached. */
  dial(): AgentLink | null;
  /** A shell read these bytes. */
  typed(shell: Shell, bytes: Uint8Array): void;
}
type OfShell = Extract<Effect, { do: 'write' | 'read' | 'resize' | 'kill' }>;

export interface VirtualAgent {
  readonly shells: readonly Shell[];
  readonly link: AgentLink | null;
  readonly isLinked: boolean;
  shell(session: string): Shell | undefined;
  /** The network changed: a new socket at once, the old one is noticed when it is. */
  replaceLink(): void;
  /** Reaches nothing for a while. */
  goOffline(ms: number): void;
}

export function startAgent(parts: AgentParts): VirtualAgent {
  const { world, without } = parts;
  const exchange = createExchange({ ringBytes: RING_BYTES, checkpointEvery: CHECKPOINT_EVERY });
  const shells: Shell[] = [];
  const running = new Map<string, Shell>();
  const attachedAt = new Map<number, number>();
  let link: AgentLink | null = null;
  let isReady = false;
  let isDialling = false;
  let offlineUntil = 0;
  let hurried = 0;
  let armedAt = Number.POSITIVE_INFINITY;

  const moment = () => ({ monotonic: world.now + hurried, wall: world.now });
  /** Where the rule is taken away, a minute is over at once. */
  const hurry = (): void => {
    hurried += 61_000;
    world.after(0, () => act(exchange.tick(moment())));
  };
  const arm = (): void => {
    const at = Math.max(exchange.deadline - hurried, world.now) + 0.01; // timers fire late rather than early
    if (at >= armedAt) return;
    armedAt = at;
    world.at(at, () => {
      if (armedAt !== at) return;
      armedAt = Number.POSITIVE_INFINITY;
      act(exchange.tick(moment()));
    });
  };
  const act = (effects: readonly Effect[]): void => {
    for (const effect of effects) perform(effect);
    arm();
  };
  const send = (packet: OfAgent): void => {
    link?.near.send(packet, sizeOf(packet));
    if ((link?.near.buffered ?? 0) > MOST_BUFFERED)
      world.fail('agent-memory', 'too much lies in the socket of the agent');
  };
  const perform = (effect: Effect): void => {
    switch (effect.do) {
      case 'tell':
        checkMessage(world, 'fromAgent', effect.message);
        if (effect.message.type === 'attached') attachedAt.set(effect.message.channel, world.now);
        return send(effect.message);
      case 'send':
        return without.has('wholeOutput') && world.random() < 0.02 ? undefined : send(effect.frame);
      case 'ping':
        return send({ type: 'ping', id: effect.id });
      case 'refuse':
        return world.fail('refused', `the agent cannot read a frame: ${effect.code}`);
      case 'start':
        return start(effect.session, effect.launch);
      case 'write':
      case 'read':
      case 'resize':
      case 'kill':
        return ofShell(effect, running.get(effect.session));
      case 'mark':
        return undefined; // these shells have no integration
    }
  };
  const ofShell = (effect: OfShell, shell: Shell | undefined): void => {
    switch (effect.do) {
      case 'write': {
        const count = shell?.write(effect.bytes) ?? 0;
        return act(
          exchange.wrote(effect.session, without.has('truthfulWrite') ? effect.bytes.length : count, moment()),
        );
      }
      case 'read':
        return without.has('readOff') ? undefined : shell?.read(effect.on);
      case 'resize':
        return shell?.resize(effect.cols, effect.rows);
      case 'kill':
        running.delete(effect.session);
        return shell?.kill();
    }
  };
  const start = (session: string, size: { readonly cols: number; readonly rows: number }): void => {
    const shell: Shell = startShell(
      world,
      {
        session,
        cols: size.cols,
        rows: size.rows,
        bytesPerMs: parts.ptyBytesPerMs,
        endsEarly: without.has('lastOutputFirst'),
      },
      {
        output: (bytes) => act(exchange.output(session, bytes, moment())),
        writable: () => act(exchange.writable(session, moment())),
        exited: (code) => act(exchange.exited(session, { code }, moment())),
        typed: (bytes) => parts.typed(shell, bytes),
      },
    );
    shells.push(shell);
    running.set(session, shell);
    world.log(`shell of ${session} starts`);
    world.after(5, () => {
      act(exchange.started(session, moment()));
      shell.print(200);
    });
  };

  const lost = (): void => {
    link = null;
    if (isReady) act(exchange.linkLost(moment()));
    if (isReady && without.has('hold')) hurry();
    isReady = false;
  };
  const dial = (delay: number): void => {
    if (isDialling) return;
    isDialling = true;
    world.after(delay, () => {
      isDialling = false;
      const dialled = world.now < offlineUntil ? null : parts.dial();
      if (dialled === null) return dial(500 + world.random() * 1500);
      link = dialled;
      listen(dialled, dialled.near);
      const sessions = without.has('truthfulHello') ? [] : exchange.hello();
      send({ type: 'sessions', sessions });
    });
  };
  const listen = (own: AgentLink, near: End<OfAgent, OfServiceToAgent>): void => {
    near.hear({
      receive: (packet) => (link === own ? receive(packet) : undefined),
      closed(why) {
        if (link !== own) return;
        world.log(`agent: link ${why}`);
        lost();
        dial(500 + world.random() * 1500);
      },
    });
  };
  /** Where the rule is taken away, all input was typed just now. */
  const punctual = (frame: Uint8Array): Uint8Array => {
    if (!without.has('lateInput') || frame[0] !== INPUT) return frame;
    const view = new DataView(frame.buffer, frame.byteOffset);
    const elapsed = world.now - (attachedAt.get(view.getUint32(4)) ?? 0);
    view.setUint32(0, INPUT * 2 ** 24 + Math.floor(elapsed / 100));
    return frame;
  };
  const receive = (packet: OfServiceToAgent): void => {
    if (packet instanceof Uint8Array) return act(exchange.receiveFrame(punctual(packet), moment()));
    if (without.has('hold') && packet.type === 'detach') hurry();
    switch (packet.type) {
      case 'ready':
        isReady = true;
        return act(exchange.linkUp(moment()));
      case 'pong':
        return act(exchange.pong(packet.id, moment()));
      case 'open':
      case 'attach':
      case 'detach':
      case 'resize':
      case 'probe':
      case 'close':
        return act(exchange.receive(packet, moment()));
      case 'ping':
      case 'challenge':
      case 'welcome':
      case 'config':
      case 'error':
      case 'exec':
      case 'exec_end':
      case 'received':
      case 'goodbye':
        return world.fail('refused', `the agent is told ${packet.type}`);
    }
  };

  dial(0);
  return {
    shells,
    get link() {
      return link;
    },
    get isLinked() {
      return isReady;
    },
    shell: (session) => shells.find((shell) => shell.session === session),
    replaceLink() {
      const old = link;
      if (old === null || world.now < offlineUntil) return;
      world.log('agent: network changed');
      lost();
      old.cut(0, world.random() < 0.5 ? 20 : 45_000 * world.random());
      dial(20);
    },
    goOffline(ms) {
      offlineUntil = world.now + ms;
      const old = link;
      if (old === null) return;
      lost();
      old.cut(0, 45_000 * world.random());
      dial(ms);
    },
  };
}
