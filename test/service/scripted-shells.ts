/** Shells of a scripted agent: they print what a test lets them print, within their credit, and keep what was typed. */
import { MAX_PAYLOAD, type Frame } from '../../protocol/wire/frame.ts';
import type { ToAgent } from '../../protocol/wire/control.ts';
import type { AgentTalk } from './scripted-agent.ts';

type Attach = Extract<ToAgent, { type: 'attach' }>;
interface Shell {
  output: Buffer;
  typed: Buffer;
  exit: { readonly exit_code: number; readonly output_offset: number } | null;
  cols: number;
  rows: number;
}
/** The main channel of a session on this socket: it stays when its client is detached. */
interface Channel {
  readonly number: number;
  readonly sessionId: string;
  next: number;
  limit: number;
  exitTold: boolean;
}

export interface ScriptedShells {
  readonly sessions: readonly string[];
  print(sessionId: string, text: string | Uint8Array): void;
  typed(sessionId: string): string;
  sizeOf(sessionId: string): { readonly cols: number; readonly rows: number };
  exit(sessionId: string, code: number): void;
  /** Another socket of the same agent: the shells go on. */
  moveTo(link: AgentTalk): void;
  offsetOf(sessionId: string): number;
}

export function runShells(first: AgentTalk): ScriptedShells {
  const shells = new Map<string, Shell>();
  let channels: Channel[] = [];
  let link = first;

  const shellOf = (sessionId: string): Shell => {
    const shell = shells.get(sessionId);
    if (!shell) throw new Error(`no such session: ${sessionId}`);
    return shell;
  };
  const pump = (channel: Channel): void => {
    const shell = shellOf(channel.sessionId);
    while (channel.next < Math.min(shell.output.length, channel.limit)) {
      const end = Math.min(shell.output.length, channel.limit, channel.next + MAX_PAYLOAD);
      const payload = shell.output.subarray(channel.next, end);
      link.send({ kind: 'output', channel: channel.number, offset: channel.next, payload });
      channel.next = end;
    }
    if (!shell.exit || channel.exitTold || channel.next < shell.output.length) return;
    channel.exitTold = true;
    link.say({ type: 'exit', channel: channel.number, reason: 'exited', ...shell.exit });
  };
  const attach = (message: Attach): void => {
    const { session_id: sessionId, channel } = message;
    const shell = shells.get(sessionId);
    if (!shell) return link.say({ type: 'unknown-session', session_id: sessionId, channel });
    const begins = (message.mode === 'record' ? message.from : message.want) ?? 0;
    const from = Math.min(message.from ?? 0, begins); // a recorder may lack more than the client
    const attached = {
      number: channel,
      sessionId,
      next: from,
      limit: (message.consumed ?? begins) + message.window,
      exitTold: false,
    };
    channels = [...channels.filter((each) => each.sessionId !== sessionId), attached];
    const state = { head: shell.output.length, input_offset: shell.typed.length, answered_offset: 0, modes: '' };
    const { cols, rows } =
      message.mode === 'control' ? Object.assign(shell, { cols: message.cols, rows: message.rows }) : shell;
    link.say({ type: 'attached', channel, output_offset: begins, oldest: 0, ...state, cols, rows });
    pump(attached);
  };
  const hear = (message: ToAgent): void => {
    if (message.type === 'open') {
      const { session_id: sessionId, cols, rows } = message;
      if (!shells.has(sessionId)) {
        shells.set(sessionId, { output: Buffer.alloc(0), typed: Buffer.alloc(0), exit: null, cols, rows });
      }
      link.say({ type: 'opened', session_id: sessionId });
    }
    if (message.type === 'attach') attach(message);
    if (message.type === 'close') {
      const last = shells.get(message.session_id)?.output.length;
      shells.delete(message.session_id);
      channels = channels.filter((each) => each.sessionId !== message.session_id);
      const about = { session_id: message.session_id, reason: message.reason };
      link.say({ type: 'ended', ...about, ...(last !== undefined && { output_offset: last }) });
    }
    if (message.type === 'resize') {
      const channel = channels.find((each) => each.number === message.channel);
      if (channel) Object.assign(shellOf(channel.sessionId), { cols: message.cols, rows: message.rows });
    }
  };
  const hearFrame = (frame: Frame): void => {
    const channel = channels.find((each) => each.number === frame.channel);
    if (!channel) return;
    if (frame.kind === 'output-ack') {
      channel.limit = frame.offset + frame.window;
      pump(channel);
    }
    if (frame.kind === 'input') {
      const shell = shellOf(channel.sessionId);
      shell.typed = Buffer.concat([shell.typed, frame.payload.subarray(shell.typed.length - frame.offset)]);
      link.send({ kind: 'input-ack', channel: channel.number, offset: shell.typed.length });
    }
  };
  const moveTo = (next: AgentTalk): void => {
    link = next;
    channels = [];
    for (const message of next.heard) hear(message);
    next.onMessage(hear);
    next.onFrame(hearFrame);
  };
  moveTo(first);

  const pumpSession = (sessionId: string): void => {
    for (const channel of channels) if (channel.sessionId === sessionId) pump(channel);
  };
  return {
    get sessions() {
      return [...shells.keys()];
    },
    print(sessionId, text) {
      const shell = shellOf(sessionId);
      shell.output = Buffer.concat([shell.output, Buffer.from(text)]);
      pumpSession(sessionId);
    },
    typed: (sessionId) => shellOf(sessionId).typed.toString(),
    sizeOf: (sessionId) => shellOf(sessionId),
    exit(sessionId, code) {
      const shell = shellOf(sessionId);
      shell.exit = { exit_code: code, output_offset: shell.output.length };
      pumpSession(sessionId);
    },
    moveTo,
    offsetOf: (sessionId) => shellOf(sessionId).output.length,
  };
}
