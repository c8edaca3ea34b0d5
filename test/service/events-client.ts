/** A listener of `/api/events` in a test. */
import { event, type Event } from '../../protocol/api/events.ts';
import type { Backend } from './backend.ts';
import type { Person } from './people.ts';
import { talk, type Talk } from './talk.ts';

export async function connectEvents(
  backend: Pick<Backend, 'url'>,
  who: Pick<Person, 'token'>,
): Promise<Talk<Event, never>> {
  const url = `${backend.url.replace('http', 'ws')}/api/events`;
  return talk<Event, never>(url, [], event, { headers: { authorization: `Bearer ${who.token}` } });
}
