/**
 * Entry of the utility process: makes it look to the agent like the child of a plain Node, then runs it. What comes first by the
 * parent port is its standard input; then messages go both ways.
 */
import { Readable } from 'node:stream';

const agentFile = new URL('../webxterm-agent.js', import.meta.url);
const port = process.parentPort;

port.once('message', ({ data }) => {
  const input = inputIn(data);
  Object.defineProperty(process, 'stdin', { value: Readable.from(input === '' ? [] : [input]) });
  Object.defineProperty(process, 'send', {
    value: (message: unknown) => {
      port.postMessage(message);
      return true;
    },
  });
  port.on('message', (message) => process.emit('message', message.data, undefined));
  void runAgent();
});

/** A utility process does not end by itself when there is nothing left to do. */
async function runAgent(): Promise<void> {
  try {
    await import(agentFile.href);
  } finally {
    process.exit();
  }
}

/** By hand, for a schema would bring a library into a process that only hands on. */
function inputIn(message: unknown): string {
  const has = typeof message === 'object' && message !== null && 'input' in message;
  return has && typeof message.input === 'string' ? message.input : '';
}
