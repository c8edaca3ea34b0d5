/** One link after another, without a network. */
import { EventEmitter, once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { keepConnected, type LinkEvents, type LinkState } from './keeper.ts';
import type { Link } from './link.ts';
import type { Delay } from './pause.ts';
import type { Goodbye, LinkEnd } from './retry.ts';

const failed: LinkEnd = {
  how: 'failed',
  onlineMs: null,
  failure: { step: 'name', code: 'name-not-found', message: 'who?' },
};
const goodbye = (reason: Goodbye['reason']): LinkEnd => ({
  how: 'goodbye',
  onlineMs: 0,
  goodbye: { type: 'goodbye', reason },
});

/** Every link waits for the test to end it; every pause too, unless it is asked to end. */
function keep() {
  const world = new EventEmitter();
  const states: LinkState[] = [];
  const delays: Delay[] = [];
  const links: (Link & { readonly events: LinkEvents; readonly left: string[] })[] = [];
  const keeper = keepConnected({
    connect: (events) => {
      const left: string[] = [];
      const own = new EventEmitter();
      const ended = once(own, 'end').then(([end]: LinkEnd[]) => end ?? failed);
      const link = {
        ended,
        events,
        left,
        leave: (reason: string) => {
          left.push(reason);
          own.emit('end', { how: 'lost', onlineMs: 1 });
        },
        cut: () => own.emit('end', { how: 'lost', onlineMs: 1 }),
      };
      world.once(`end ${links.length}`, (end: LinkEnd) => own.emit('end', end));
      links.push(link);
      return Promise.resolve({ link });
    },
    pause: async (delay, signal) => {
      delays.push(delay);
      await Promise.race([once(world, 'time'), once(signal, 'abort')]);
    },
    tell: (state) => states.push(state),
    now: () => 0,
    random: () => 0.5,
  });
  const linked = (count: number) => eventually(() => expect(links).toHaveLength(count));
  return {
    keeper,
    states,
    delays,
    links,
    linked,
    at: (at: LinkState['at']) => eventually(() => expect(states.at(-1)?.at).toBe(at)),
    end: (index: number, end: LinkEnd) => world.emit(`end ${index}`, end),
    time: () => world.emit('time'),
  };
}

/** Waits until it is so: as long as a busy computer may need. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 10 });

describe('the keeper', () => {
  it('tells how it is, with the failing step and when it tries again', async () => {
    const { states, linked, end, at, keeper } = keep();
    await linked(1);
    expect(states).toEqual([{ at: 'connecting' }]);
    end(0, failed);
    await at('waiting');
    expect(states.at(-1)).toEqual({
      at: 'waiting',
      next_try_at: '1970-01-01T00:00:00.250Z',
      failed_step: 'name',
      code: 'name-not-found',
      message: 'who?',
    });
    keeper.leave('stopping');
    expect(await keeper.finished).toEqual({ why: 'left' });
  });

  it('comes back after each pause, spread as the service wished', async () => {
    const { linked, links, end, at, time, delays, states, keeper } = keep();
    await linked(1);
    links[0]?.events.online(60);
    links[0]?.events.latency(3.06);
    end(0, { how: 'lost', onlineMs: 120_000 });
    await at('waiting');
    expect(delays).toMatchObject([{ ms: 30_000 }]);
    expect(states).toContainEqual({ at: 'online', since: '1970-01-01T00:00:00.000Z', latency_ms: 3.1 });
    time();
    await linked(2);
    keeper.leave('stopping');
    expect(links[1]?.left).toEqual(['stopping']);
    expect(await keeper.finished).toEqual({ why: 'left' });
  });

  it('asked to reconnect, it cuts the link or the pause and connects at once', async () => {
    const { linked, links, end, at, delays, keeper } = keep();
    await linked(1);
    links[0]?.events.online(60);
    keeper.reconnect();
    await linked(2);
    expect(delays).toEqual([]);
    end(1, failed);
    await at('waiting');
    keeper.reconnect();
    await linked(3);
    keeper.leave('stopping');
    await keeper.finished;
  });

  it('replaced by a clone, it stays away until somebody asks', async () => {
    const { linked, end, at, states, keeper } = keep();
    await linked(1);
    end(0, goodbye('replaced'));
    await at('stopped');
    expect(states.at(-1)).toMatchObject({ code: 'replaced' });
    keeper.reconnect();
    await linked(2);
    keeper.leave('stopping');
    await keeper.finished;
  });

  it('removed from its organization, it is finished', async () => {
    const { linked, end, states, keeper } = keep();
    await linked(1);
    end(0, goodbye('revoked'));
    expect(await keeper.finished).toMatchObject({ why: 'revoked' });
    expect(states.at(-1)).toMatchObject({ at: 'stopped', code: 'revoked' });
  });

  it('can leave in the middle of a pause', async () => {
    const { linked, end, at, keeper, links } = keep();
    await linked(1);
    end(0, failed);
    await at('waiting');
    keeper.leave('stopping');
    expect(await keeper.finished).toEqual({ why: 'left' });
    expect(links.length).toBeLessThanOrEqual(2);
  });
});
