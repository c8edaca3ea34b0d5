/** A shell of a few words behind a terminal's port: enough to look at a terminal, and to type into it. */
import { decode, encode } from '../../protocol/wire/frame.ts';
import type { FromWindow, TerminalPort, ToWindow } from '../../protocol/bridge/terminal.ts';

const text = new TextEncoder();
const CR = 0x0d;

/** Says `greeting`, then echoes what is typed, line by line. */
export function createFakeShell(greeting: string, prompt: string): TerminalPort {
  let toWindow: ((message: ToWindow) => void) | undefined;
  let toScreen: ((frame: Uint8Array) => void) | undefined;
  let sent = 0;
  const print = (bytes: Uint8Array) => {
    toScreen?.(encode({ kind: 'output', channel: 0, offset: sent, payload: bytes }));
    sent += bytes.length;
  };
  const attach = ({ cols, rows }: FromWindow & { type: 'attach' }) => {
    sent = 0;
    toWindow?.({
      type: 'attached',
      mode: 'control',
      output_offset: 0,
      truncated: 0,
      fresh: true,
      answered_offset: 0,
      modes: '',
      cols,
      rows,
    });
    print(text.encode(`${greeting}${prompt}`));
  };
  return {
    send(message) {
      if (message.type === 'attach') queueMicrotask(() => attach(message));
    },
    sendFrame(bytes) {
      const decoded = decode(bytes);
      if (!decoded.ok || decoded.frame.kind !== 'input') return;
      for (const byte of decoded.frame.payload) print(byte === CR ? text.encode(`\r\n${prompt}`) : Uint8Array.of(byte));
    },
    onMessage(listener) {
      toWindow = listener;
      queueMicrotask(() => listener({ type: 'ready' }));
    },
    onFrame(listener) {
      toScreen = listener;
    },
    onClose: () => undefined,
    close: () => undefined,
  };
}
