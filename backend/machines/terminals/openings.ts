/** Sessions that the agent was asked to open and has not answered. They outlast its absence: the same wish never makes two shells. */
import type { ToAgent } from '../../../protocol/wire/control.ts';
import type { Client } from './client.ts';

export type OpenRequest = Extract<ToAgent, { type: 'open' }>;

export interface Openings {
  /** Gives whether the agent is to be asked: it was not yet. */
  ask(open: OpenRequest, client: Client): boolean;
  has(session: string): boolean;
  /** What is still to be answered. */
  pending(): OpenRequest[];
  /** It was answered: who asked, and for what. */
  settle(session: string): { readonly open: OpenRequest; readonly clients: Iterable<Client> } | null;
  forget(client: Client): void;
}

export function createOpenings(): Openings {
  const openings = new Map<string, { readonly open: OpenRequest; readonly clients: Set<Client> }>();
  return {
    ask(open, client) {
      const asked = openings.get(open.session_id);
      if (asked) asked.clients.add(client);
      else openings.set(open.session_id, { open, clients: new Set([client]) });
      return !asked;
    },
    has: (session) => openings.has(session),
    pending: () => [...openings.values()].map(({ open }) => open),
    settle(session) {
      const asked = openings.get(session) ?? null;
      openings.delete(session);
      return asked;
    },
    forget(client) {
      for (const { clients } of openings.values()) clients.delete(client);
    },
  };
}
