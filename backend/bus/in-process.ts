/** The bus of a single node: messages pass from hand to hand in this process, in the order they were published. */
import { EventEmitter, setMaxListeners } from 'node:events';
import type { Bus } from './bus.ts';

/** `failed` is told of a subscriber that threw: the others hear the message all the same. */
export function createInProcessBus(failed: (error: unknown, topic: string) => void): Bus {
  const topics = new EventEmitter();
  // A subscriber per open socket is usual.
  topics.setMaxListeners(0);
  return {
    publish(topic, message) {
      setImmediate(() => topics.emit(topic, message));
    },
    subscribe(topic, hear, signal) {
      if (signal.aborted) return;
      const guarded: typeof hear = (message) => {
        try {
          hear(message);
        } catch (error) {
          failed(error, topic);
        }
      };
      topics.on(topic, guarded);
      setMaxListeners(0, signal);
      signal.addEventListener('abort', () => topics.off(topic, guarded), { once: true });
    },
  };
}
