/** A window's terminal without an emulator: draws every byte at once, keeps all of it, and checks that none is missing or comes twice. */
import type { TerminalPort, ToWindow } from '../../../protocol/bridge/terminal.ts';
import { decode, encode } from '../../../protocol/wire/frame.ts';
import type { TestWindow } from './window.ts';

type Message<T extends ToWindow['type']> = Extract<ToWindow, { type: T }>;

export interface Screen {
  /** All that was drawn, as text. */
  text(): string;
  /** What `truncated` and jumps said is gone, in bytes. */
  readonly missing: number;
  /** Everything main said beside output. */
  readonly told: readonly ToWindow[];
  last<T extends ToWindow['type']>(type: T): Message<T> | undefined;
  type(text: string): void;
  resize(cols: number, rows: number): void;
  /** The person's word on kept input. */
  answerKept(send: boolean): void;
  retry(): void;
  close(): void;
}
const SIZE = { cols: 80, rows: 24 };

/** `drawn`: what the page of a reloaded window still has of it. */
export function openScreen(window: TestWindow, terminal: string, drawn: number | null = null): Screen {
  const port = window.terminal(terminal);
  const told: ToWindow[] = [];
  const chunks: Uint8Array[] = [];
  let next = drawn;
  let missing = 0;
  let typed = 0;
  let readyAt = 0;
  const attach = (): void => port.send({ type: 'attach', consumed: next, ...SIZE });
  port.onMessage((message) => {
    told.push(message);
    if (message.type === 'ready') {
      readyAt = performance.now();
      attach();
      port.send({ type: 'visible', visible: true });
    }
    if (message.type === 'attached') {
      missing += message.truncated;
      if (message.fresh || next === null) chunks.length = 0;
      next = Math.max(next ?? 0, message.output_offset);
      ack(port, next);
    }
    if (message.type === 'moved') next = message.output_offset;
  });
  port.onFrame((bytes) => {
    const decoded = decode(bytes);
    if (!decoded.ok || decoded.frame.kind !== 'output') throw new Error('not an output frame');
    const { offset, payload } = decoded.frame;
    if (next === null || offset > next) {
      attach();
      return;
    }
    const fresh = payload.subarray(next - offset);
    chunks.push(fresh.slice());
    next += fresh.length;
    ack(port, next);
  });
  return {
    told,
    get missing() {
      return missing;
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
    last<T extends ToWindow['type']>(type: T) {
      return told.findLast((message): message is Message<T> => message.type === type);
    },
    type(text) {
      const payload = Buffer.from(text);
      const typedAt = Math.floor((performance.now() - readyAt) / 100);
      port.sendFrame(encode({ kind: 'input', channel: 0, typedAt, offset: typed, payload }));
      typed += payload.length;
    },
    resize: (cols, rows) => port.send({ type: 'resize', cols, rows }),
    answerKept: (send) => port.send({ type: 'kept', send }),
    retry: () => port.send({ type: 'retry' }),
    close: () => port.close(),
  };
}

function ack(port: TerminalPort, offset: number): void {
  port.sendFrame(encode({ kind: 'output-ack', channel: 0, offset, window: 0 }));
}
