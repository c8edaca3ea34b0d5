/** Who has a session on a screen, read off the messages. */
import { describe, expect, it } from 'vitest';
import type { SessionMessage } from './exchange.ts';
import { isOnScreen, noScreens, received, told } from './screens.ts';

type Attach = Extract<SessionMessage, { type: 'attach' }>;
const attach = (channel: number, mode: Attach['mode']): Attach => ({
  type: 'attach',
  session_id: 's1',
  channel,
  mode,
  want: null,
  from: null,
  consumed: null,
  window: 0,
  cols: 80,
  rows: 24,
});

describe('screens', () => {
  const controlled = received(noScreens, attach(1, 'control'));

  it('a controlled session is on a screen, a recorded one on none', () => {
    expect(isOnScreen(controlled, 's1')).toBe(true);
    expect(isOnScreen(controlled, 's2')).toBe(false);
    expect(isOnScreen(received(controlled, attach(2, 'record')), 's1')).toBe(false);
  });

  it('a viewer sees it beside who controls it, and after them', () => {
    const viewed = received(controlled, attach(2, 'view'));
    expect(isOnScreen(received(viewed, { type: 'detach', channel: 1 }), 's1')).toBe(true);
    expect(isOnScreen(received(viewed, attach(3, 'record')), 's1')).toBe(true);
  });

  it('ends with a detach, a close, or the agent’s own word', () => {
    expect(isOnScreen(received(controlled, { type: 'detach', channel: 1 }), 's1')).toBe(false);
    expect(isOnScreen(received(controlled, { type: 'close', session_id: 's1', reason: 'closed' }), 's1')).toBe(false);
    expect(isOnScreen(told(controlled, { type: 'detached', channel: 1, reason: 'late' }), 's1')).toBe(false);
    expect(isOnScreen(told(controlled, { type: 'opened', session_id: 's1' }), 's1')).toBe(true);
  });
});
