import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPresence, type MachineKey, type Presence } from './presence.ts';

const machine = (agentId: string): MachineKey => ({ organizationId: 'o', agentId });

describe('presence (pain: zombie sessions, wrong presence)', () => {
  let changes: [agentId: string, online: boolean][];
  let presence: Presence;

  beforeEach(() => {
    vi.useFakeTimers();
    changes = [];
    presence = createPresence({ offlineAfterMs: 10_000, heartbeatLostMs: 120_000 }, ({ agentId }, isOnline) =>
      changes.push([agentId, isOnline]),
    );
  });
  afterEach(() => {
    presence[Symbol.dispose]();
    vi.useRealTimers();
  });

  it('begins with the first sign of life, and is told once', () => {
    presence.alive(machine('a'));
    presence.alive(machine('a'));
    expect(changes).toEqual([['a', true]]);
  });

  it('survives a socket that comes back within ten seconds, without a word', () => {
    presence.alive(machine('a'));
    presence.left(machine('a'));
    vi.advanceTimersByTime(9999);
    presence.alive(machine('a'));
    vi.advanceTimersByTime(60_000);
    expect(changes).toEqual([['a', true]]);
  });

  it('ends ten seconds after the socket', () => {
    presence.alive(machine('a'));
    presence.left(machine('a'));
    vi.advanceTimersByTime(10_000);
    expect(changes).toEqual([
      ['a', true],
      ['a', false],
    ]);
  });

  it('ends two minutes after the last heartbeat, though the socket stands, and begins again with the next', () => {
    presence.alive(machine('a'));
    vi.advanceTimersByTime(119_999);
    presence.alive(machine('a'));
    vi.advanceTimersByTime(119_999);
    expect(changes).toEqual([['a', true]]);
    vi.advanceTimersByTime(1);
    presence.alive(machine('a'));
    expect(changes.map(([, online]) => online)).toEqual([true, false, true]);
  });

  it('does not begin with the loss of a socket nobody knew', () => {
    presence.left(machine('b'));
    vi.advanceTimersByTime(20_000);
    expect(changes).toEqual([]);
  });

  it('ends at once for a machine that was deleted', () => {
    presence.alive(machine('a'));
    presence.forget(machine('a'));
    expect(changes.at(-1)).toEqual(['a', false]);
  });

  it('ends for all at the end, and leaves no timer behind', () => {
    presence.alive(machine('a'));
    presence.alive(machine('b'));
    presence.left(machine('b'));
    presence[Symbol.dispose]();
    expect(changes.slice(2)).toEqual([
      ['a', false],
      ['b', false],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
