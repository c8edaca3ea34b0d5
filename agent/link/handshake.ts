/** The first messages of a link, decided purely: the service's challenge, this agent's hello, the service's welcome. */
import type { FromAgent, ToAgent } from '../../protocol/wire/control.ts';
import type { Goodbye } from './retry.ts';

export type Hello = Extract<FromAgent, { type: 'hello' }>;
export type Welcome = Extract<ToAgent, { type: 'welcome' }>;

/** `upgraded`: nothing was said yet; `greeted`: the agent has proven itself and waits. */
export type Greeting = 'upgraded' | 'greeted';

export type Reaction =
  | { readonly do: 'say-hello'; readonly nonce: string }
  | { readonly do: 'go-on'; readonly welcome: Welcome }
  | { readonly do: 'leave'; readonly goodbye: Goodbye }
  /** What answers is no such service, or it said no in a word of its own. */
  | { readonly do: 'give-up'; readonly code: string; readonly message: string };

export function greet(greeting: Greeting, message: ToAgent): Reaction {
  if (message.type === 'goodbye') return { do: 'leave', goodbye: message };
  if (message.type === 'error') return { do: 'give-up', code: message.code, message: message.message };
  if (greeting === 'upgraded' && message.type === 'challenge') return { do: 'say-hello', nonce: message.nonce };
  if (greeting === 'greeted' && message.type === 'welcome') return { do: 'go-on', welcome: message };
  return { do: 'give-up', code: 'out-of-order', message: `The server sent ${message.type} before it was time.` };
}
