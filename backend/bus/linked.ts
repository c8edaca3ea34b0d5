/** The bus of two processes: what is published in one is heard in the other too, while a link between them stands. */
import { z } from 'zod';
import type { Service } from '../../protocol/api/table.ts';
import { hearers, topics, type Bus, type Message, type Topic } from './bus.ts';

/** The other end. Texts arrive in the order they were sent, or the link ends. */
export interface Peer {
  readonly service: Service;
  send(text: string): void;
}
export interface Link {
  /** False: it was none of our messages. */
  receive(text: string): boolean;
  close(): void;
}
export interface LinkedBus extends Bus {
  /** The new peer is told first that it may have missed what was published here before. */
  link(peer: Peer): Link;
}

const envelope = z.object({ topic: z.string(), message: z.unknown() });
const schemas: { readonly [T in Topic]: z.ZodType<Message<T>> } = topics;

export function createLinkedBus(local: Bus): LinkedBus {
  const peers = new Set<Peer>();
  const tell = (topic: Topic, message: unknown, except?: Peer): void => {
    for (const peer of peers) {
      if (peer !== except && hearers[topic].includes(peer.service)) peer.send(JSON.stringify({ topic, message }));
    }
  };
  const hear = (topic: Topic, given: unknown, from: Peer): boolean => {
    const message = messageOf(topic, given);
    if (message === null) return false;
    local.publish(topic, message);
    // Several auth services may stand before one machine service: each hears the others through it.
    tell(topic, message, from);
    return true;
  };
  return {
    publish(topic, message) {
      local.publish(topic, message);
      tell(topic, message);
    },
    subscribe: (topic, heard, signal) => local.subscribe(topic, heard, signal),
    link(peer) {
      peers.add(peer);
      peer.send(JSON.stringify({ topic: 'missed', message: {} }));
      return {
        receive(text) {
          const read = envelope.safeParse(parsedJson(text));
          return read.success && isTopic(read.data.topic) && hear(read.data.topic, read.data.message, peer);
        },
        close: () => void peers.delete(peer),
      };
    },
  };
}

function messageOf<T extends Topic>(topic: T, given: unknown): Message<T> | null {
  const parsed = schemas[topic].safeParse(given);
  return parsed.success ? parsed.data : null;
}

function isTopic(text: string): text is Topic {
  return Object.hasOwn(topics, text);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
