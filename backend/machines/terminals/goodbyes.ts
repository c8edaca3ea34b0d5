/** What an agent is told that has to go. */
import type { ToAgent } from '../../../protocol/wire/control.ts';

type Goodbye = Extract<ToAgent, { type: 'goodbye' }>;

export const REVOKED: Goodbye = {
  type: 'goodbye',
  reason: 'revoked',
  message: 'This machine was removed from its organization, or its agent was registered anew.',
};
/** It asks again now and then: the organization may be enabled again. */
export const DISABLED: Goodbye = {
  type: 'goodbye',
  reason: 'unauthorized',
  message: 'The organization of this machine is disabled.',
};
