/** Runs the sessions: does what the exchange decides, on real terminals and on the link there is at the moment. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentSession } from '../../protocol/agent/status.ts';
import type { FromAgent, HelloSession, MachineRole } from '../../protocol/wire/control.ts';
import type { Moment } from '../../protocol/wire/moment.ts';
import type { NewCommand } from '../outbox.ts';
import { createCapture, type Capture } from '../shell/capture.ts';
import { createAlarm } from './alarm.ts';
import type { Effects, Launch, LinkEffect, PtyEffect, Unreadable } from './effect.ts';
import type { Exchange, SessionMessage } from './exchange.ts';
import type { LaunchPlan, Telling } from './launch.ts';
import type { Pty, PtyListener, Size } from './pty.ts';
import { isOnScreen, noScreens, received, told, type Screens } from './screens.ts';
import type { StartPty } from './start-pty.ts';

/** More shells than this at once are a fault somewhere, and each takes memory and a terminal of the system. */
export const MOST_SESSIONS = 256;

/** What even a kill does not end (a process stuck in the kernel) is not waited for longer. Milliseconds. */
const LAST_RESORT_MS = 1_000;

/** The socket of the moment, once the service welcomed this agent. */
export interface SessionLink {
  tell(message: FromAgent): void;
  send(frame: Uint8Array): void;
  ping(id: number): void;
  refuse(code: Unreadable): void;
}

export interface SessionHost {
  hello(): HelloSession[];
  linkUp(link: SessionLink): void;
  linkLost(): void;
  receive(message: SessionMessage): void;
  receiveFrame(bytes: Uint8Array): void;
  pong(id: number): void;
  /** What runs now, for the status. */
  list(): AgentSession[];
  /** The person at this computer ends one. */
  end(session: string): void;
  /** Ends all, tells the service, waits until no shell is left. */
  endAll(): Promise<void>;
}

export interface SessionHostParts {
  readonly exchange: Exchange;
  readonly startPty: StartPty;
  readonly plan: (launch: Launch) => Promise<LaunchPlan>;
  readonly moment: () => Moment;
  /** The list changed. */
  readonly changed: () => void;
  /** What ran in a session, as far as it is known. */
  readonly report: (command: NewCommand) => void;
  /** How long a shell may take to end after its hang-up. */
  readonly graceMs: number;
}

interface Shell {
  readonly launch: Launch;
  readonly startedAt: string;
  role: MachineRole;
  /** The last that was asked for. */
  size: Size;
  /** Null until the terminal is there. */
  pty: Pty | null;
  capture: Capture | null;
  /** What it needed to begin is not needed any more. */
  begun: () => void;
}

export function createSessionHost(parts: SessionHostParts): SessionHost {
  const { exchange, moment } = parts;
  const shells = new Map<string, Shell>();
  const endings = new Set<Promise<void>>();
  let screens: Screens = noScreens;
  let link: SessionLink | null = null;
  const alarm = createAlarm(
    () => moment().monotonic,
    () => perform(exchange.tick(moment())),
  );

  function perform(effects: Effects): void {
    for (const effect of effects) {
      if ('session' in effect) performOnPty(effect);
      else performOnLink(effect);
    }
    alarm.set(exchange.deadline);
  }

  function performOnPty(effect: PtyEffect): void {
    const shell = shells.get(effect.session);
    const pty = shell?.pty;
    switch (effect.do) {
      case 'start':
        void start(effect.session, effect.launch);
        return;
      case 'write':
        perform(exchange.wrote(effect.session, write(shell, effect.bytes), moment()));
        return;
      case 'read':
        if (effect.on) pty?.resume();
        else pty?.pause();
        return;
      case 'resize':
        if (shell) shell.size = { cols: effect.cols, rows: effect.rows };
        pty?.resize({ cols: effect.cols, rows: effect.rows });
        return;
      case 'mark':
        shell?.capture?.mark(effect.content);
        return;
      case 'kill':
        kill(effect.session);
        return;
    }
  }

  /** Nothing is taken while it is still starting. */
  function write(shell: Shell | undefined, bytes: Uint8Array): number {
    const taken = shell?.pty?.write(bytes) ?? 0;
    if (taken > 0) shell?.capture?.typed(bytes.subarray(0, taken));
    return taken;
  }

  function performOnLink(effect: LinkEffect): void {
    switch (effect.do) {
      case 'tell':
        watch(told(screens, effect.message));
        link?.tell(effect.message);
        return;
      case 'send':
        link?.send(effect.frame);
        return;
      case 'ping':
        link?.ping(effect.id);
        return;
      case 'refuse':
        link?.refuse(effect.code);
        return;
    }
  }

  async function start(session: string, launch: Launch): Promise<void> {
    if (shells.size >= MOST_SESSIONS) {
      const message = `This agent runs ${MOST_SESSIONS} sessions already.`;
      perform(exchange.refused(session, { code: 'too-many-sessions', message }, moment()));
      return;
    }
    const shell: Shell = {
      launch,
      startedAt: new Date(moment().wall).toISOString(),
      role: launch.machine_role,
      size: { cols: launch.cols, rows: launch.rows },
      pty: null,
      capture: null,
      begun: () => undefined,
    };
    shells.set(session, shell);
    const plan = await parts.plan(launch);
    if (plan.ok) shell.begun = begun(plan.telling);
    if (shells.get(session) !== shell) return shell.begun(); // ended meanwhile
    const refusal = plan.ok ? startPlanned(session, shell, plan) : plan;
    if (refusal === null) {
      perform(exchange.started(session, moment()));
      perform(exchange.writable(session, moment())); // what was typed while it was starting
    } else {
      shells.delete(session);
      shell.begun();
      perform(exchange.refused(session, { code: refusal.code, message: refusal.message }, moment()));
    }
    parts.changed();
  }

  function startPlanned(session: string, shell: Shell, plan: LaunchPlan & { readonly ok: true }) {
    shell.role = plan.role;
    shell.capture = createCapture({
      sessionId: session,
      nonce: plan.telling?.nonce ?? null,
      report: parts.report,
      telling: shell.begun,
      now: () => moment().wall,
    });
    try {
      shell.pty = parts.startPty(plan.command, shell.size, listen(session, shell));
      return null;
    } catch (error) {
      const message = error instanceof Error ? error.message.slice(0, 500) : 'No terminal could be had.';
      return { code: 'pty-failed', message };
    }
  }

  function listen(session: string, shell: Shell): PtyListener {
    const live = () => shells.get(session) === shell;
    return {
      output: (bytes) => {
        if (!live()) return;
        shell.capture?.shown(bytes);
        perform(exchange.output(session, bytes, moment()));
      },
      writable: () => {
        if (live()) perform(exchange.writable(session, moment()));
      },
      exited: ({ exitCode, signal }) => {
        if (!live()) return;
        over(session, shell, exitCode);
        perform(exchange.exited(session, { code: exitCode, ...(signal === null ? {} : { signal }) }, moment()));
        parts.changed();
      },
    };
  }

  function over(session: string, shell: Shell, exitCode: number | null): void {
    shells.delete(session);
    shell.capture?.ended(exitCode);
    shell.begun();
  }

  function kill(session: string): void {
    const shell = shells.get(session);
    if (!shell) return;
    over(session, shell, null);
    if (shell.pty) awaitAtEnd(shell.pty.hangUp(parts.graceMs));
    parts.changed();
  }

  const begun = (telling: Telling | null) => () => {
    if (telling) awaitAtEnd(telling.remove());
  };

  function awaitAtEnd(work: Promise<void>): void {
    const ending = work.finally(() => endings.delete(ending));
    endings.add(ending);
  }

  function watch(next: Screens): void {
    if (next === screens) return;
    screens = next;
    parts.changed();
  }

  return {
    hello: () => exchange.hello(),
    linkUp: (next) => {
      link = next;
      perform(exchange.linkUp(moment()));
    },
    linkLost: () => {
      link = null;
      watch(noScreens);
      perform(exchange.linkLost(moment()));
    },
    receive: (message) => {
      watch(received(screens, message));
      perform(exchange.receive(message, moment()));
    },
    receiveFrame: (bytes) => {
      perform(exchange.receiveFrame(bytes, moment()));
    },
    pong: (id) => {
      perform(exchange.pong(id, moment()));
    },
    list: () =>
      [...shells].map(([session_id, { launch, role, startedAt }]) => ({
        session_id,
        username: launch.username,
        source: launch.source,
        machine_role: role,
        started_at: startedAt,
        attached: isOnScreen(screens, session_id),
      })),
    end: (session) => {
      perform(exchange.end(session, 'terminated', moment()));
    },
    endAll: async () => {
      for (const { session_id } of exchange.hello()) perform(exchange.end(session_id, 'closed', moment()));
      for (const session of shells.keys()) kill(session); // those that were about to start
      await settledWithin(endings, parts.graceMs + LAST_RESORT_MS);
      alarm.stop();
    },
  };
}

async function settledWithin(endings: Iterable<Promise<void>>, ms: number): Promise<void> {
  const patience = new AbortController();
  const { signal } = patience;
  await Promise.race([Promise.all(endings), sleep(ms, undefined, { signal }).catch(() => undefined)]);
  patience.abort();
}
