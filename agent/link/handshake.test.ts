/** The first words of a link. */
import { describe, expect, it } from 'vitest';
import type { ToAgent } from '../../protocol/wire/control.ts';
import { greet } from './handshake.ts';

const challenge: ToAgent = { type: 'challenge', nonce: '0123456789abcdef' };
const welcome: ToAgent = { type: 'welcome', heartbeat_s: 30, reconnect_spread_s: 0, config: { linux_user: null } };

describe('the greeting', () => {
  it('is challenge, hello, welcome', () => {
    expect(greet('upgraded', challenge)).toEqual({ do: 'say-hello', nonce: '0123456789abcdef' });
    expect(greet('greeted', welcome)).toEqual({ do: 'go-on', welcome });
  });

  it('believes no welcome without a proof, and proves itself once', () => {
    expect(greet('upgraded', welcome)).toMatchObject({ do: 'give-up', code: 'out-of-order' });
    expect(greet('greeted', challenge)).toMatchObject({ do: 'give-up', code: 'out-of-order' });
  });

  it('opens nothing before it is over', () => {
    expect(greet('greeted', { type: 'detach', channel: 1 })).toMatchObject({ do: 'give-up', code: 'out-of-order' });
  });

  it('ends with a goodbye or with the service’s own word', () => {
    expect(greet('greeted', { type: 'goodbye', reason: 'unauthorized' })).toMatchObject({ do: 'leave' });
    expect(greet('upgraded', { type: 'error', code: 'too-large', message: 'no' })).toEqual({
      do: 'give-up',
      code: 'too-large',
      message: 'no',
    });
  });
});
