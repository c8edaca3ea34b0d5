/** Agents of this computer in a test: joined to a scripted service, started, ended and cleaned up with the test. */
import { chownSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { CONFIG_FILE, STATUS_FILE } from '../../protocol/agent/folder.ts';
import { agentStatus, type AgentStatus } from '../../protocol/agent/status.ts';
import type { FromAgent, ToAgent } from '../../protocol/wire/control.ts';
import type { Frame } from '../../protocol/wire/frame.ts';
import { newFolder, runAgent, type AgentRun } from './agent-process.ts';
import type { AgentLink, ScriptedService } from './scripted-service.ts';

/** As root, shells are root's; as anybody else, one's own. Both with all that person may do. */
export const ownShells: readonly string[] =
  process.getuid?.() === 0 ? ['--linux-user', 'root', '--allow-sudo'] : ['--allow-sudo'];
export const TOKEN = 'vsay_rt_0123456789abcdef';

export interface Joined extends AsyncDisposable {
  readonly folder: string;
  /** Ended with the test, if not before. */
  start(): Promise<AgentRun>;
}
export interface JoinOptions {
  /** Of `configure`. */
  readonly options?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Runs every command of it as this account; for root only. */
  readonly as?: { readonly uid: number; readonly gid: number; readonly home: string };
}

export async function join(service: Pick<ScriptedService, 'url'>, how: JoinOptions = {}): Promise<Joined> {
  const folder = newFolder();
  const { as, env = {}, options = ownShells } = how;
  if (as) chownSync(folder.path, as.uid, as.gid);
  const run = (args: readonly string[], input = '') =>
    runAgent(args, { input, env: as ? { HOME: as.home, ...env } : env, ...(as ? { through: through(as) } : {}) });
  const args = ['configure', '--host', service.url, '--token', '-', '--config', folder.path, ...options];
  const configured = await (await run(args, `${TOKEN}\n`)).ended;
  expect(configured, configured.err).toMatchObject({ code: 0 });
  const runs: AgentRun[] = [];
  return {
    folder: folder.path,
    start: async () => {
      const started = await run(['start', '--config', folder.path]);
      runs.push(started);
      return started;
    },
    [Symbol.asyncDispose]: async () => {
      for (const { child } of runs) child.kill('SIGTERM');
      await Promise.all(runs.map(({ ended }) => ended));
      folder[Symbol.dispose]();
    },
  };
}

/** Changes what is in its configuration, as if it had joined so. */
export function reconfigure({ folder }: Pick<Joined, 'folder'>, change: Readonly<Record<string, unknown>>): void {
  const file = path.join(folder, CONFIG_FILE);
  const config = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
  writeFileSync(file, JSON.stringify({ ...config, ...change }), { mode: 0o600 });
}

/** What it tells of its link now. */
export function linkOf({ folder }: Pick<Joined, 'folder'>): AgentStatus['link'] | null {
  try {
    return agentStatus.parse(JSON.parse(readFileSync(path.join(folder, STATUS_FILE), 'utf8'))).link;
  } catch {
    return null; // not written yet
  }
}

function through({ uid, gid }: { readonly uid: number; readonly gid: number }): readonly [string, ...string[]] {
  return ['/usr/bin/setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--'];
}

/** Waits until it is so: as long as a busy computer may need. */
export const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 15_000, interval: 20 });

export const size = { cols: 80, rows: 24 };
type Open = Extract<ToAgent, { type: 'open' }>;

/** A session with this client in control, and what is on its screen. */
export interface Terminal {
  readonly session: string;
  /** Everything it showed, by offset: each byte once, whatever was sent twice. */
  readonly bytes: () => Buffer;
  readonly count: () => number;
  readonly text: () => string;
  type(text: string | Buffer): void;
  /** Input from this offset on, as a client sends again what it does not know to have arrived. */
  sendFrom(offset: number, text: string | Buffer): void;
  /** Waits for the shell's prompt: what is typed before may be read by what the person's own start files run. */
  ready(): Promise<void>;
  /** Waits until the screen shows it. */
  shows(text: string): Promise<void>;
  /** The same terminal over another link, from the next byte that is wanted. */
  attach(link: AgentLink, channel: number): Promise<Extract<FromAgent, { type: 'attached' }>>;
}

export async function openTerminal(link: AgentLink, session: string, change: Partial<Open> = {}): Promise<Terminal> {
  const open: Open = {
    type: 'open',
    session_id: session,
    user_id: 'u1',
    username: 'ann',
    source: 'desktop',
    machine_role: 'sudo',
    shell: '/bin/sh', // what the start files of this person's own shell do is not what is tested
    ...size,
    ttl_s: 600,
    ...change,
  };
  link.say(open);
  await link.next('opened');
  const terminal = createTerminal(session);
  channels += 1;
  await terminal.attach(link, channels);
  return terminal;
}

/** A channel's number is used once. */
let channels = 0;

const WINDOW = 1024 * 1024;

function createTerminal(session: string): Terminal {
  const parts: Buffer[] = [];
  let want = 0;
  let typed = 0;
  let at: { readonly link: AgentLink; readonly channel: number; readonly since: number } | null = null;

  const hear = (link: AgentLink, channel: number, frame: Frame) => {
    if (frame.kind !== 'output' || frame.channel !== channel) return;
    const skip = want - frame.offset;
    if (skip < 0) throw new Error(`a gap of ${-skip} bytes at ${want}`);
    const fresh = Buffer.from(frame.payload.subarray(skip));
    parts.push(fresh);
    want += fresh.length;
    link.send({ kind: 'output-ack', channel, offset: want, window: WINDOW });
  };
  const terminal: Terminal = {
    session,
    bytes: () => Buffer.concat(parts),
    count: () => want,
    text: () => Buffer.concat(parts).toString(),
    type: (text) => terminal.sendFrom(typed, text),
    sendFrom: (offset, text) => {
      if (at === null) throw new Error('it is attached to nothing');
      const payload = Buffer.from(text);
      const typedAt = Math.round((performance.now() - at.since) / 100);
      at.link.send({ kind: 'input', channel: at.channel, offset, typedAt, payload });
      typed = offset + payload.length;
    },
    ready: async () => {
      await eventually(terminal.text).toMatch(/[$#] $/u);
    },
    shows: async (text) => {
      await eventually(terminal.text).toContain(text);
    },
    attach: async (link, channel) => {
      link.onFrame((frame) => hear(link, channel, frame));
      const consumed = want === 0 ? null : want;
      const asked = { type: 'attach', session_id: session, channel, mode: 'control', client: 'c1' } as const;
      link.say({ ...asked, want: consumed, from: consumed, consumed, window: WINDOW, ...size });
      const attached = await link.next('attached');
      at = { link, channel, since: performance.now() };
      typed = attached.input_offset;
      return attached;
    },
  };
  return terminal;
}
